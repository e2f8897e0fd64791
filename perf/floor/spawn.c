#include "CFloor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

uint64_t floor_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void floor_processor_time(int children, uint64_t *user, uint64_t *system) {
    struct rusage usage;
    getrusage(children ? RUSAGE_CHILDREN : RUSAGE_SELF, &usage);
    *user = (uint64_t)usage.ru_utime.tv_sec * 1000000000u + (uint64_t)usage.ru_utime.tv_usec * 1000u;
    *system = (uint64_t)usage.ru_stime.tv_sec * 1000000000u + (uint64_t)usage.ru_stime.tv_usec * 1000u;
}

/// posix_spawn of glibc clones with CLONE_VM | CLONE_VFORK: its cost does not grow with the driver's memory.
static int spawn(pid_t *pid, const char *path, char *const argv[], char *const envp[], int in, int out, int log) {
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    if (in >= 0) error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO);
    if (!error) error = posix_spawn(pid, path, &actions, NULL, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int floor_start(const char *path, char *const argv[], char *const envp[], int log) {
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0) return -errno;
    pid_t pid = 0;
    int error = spawn(&pid, path, argv, envp, null, log, log);
    close(null);
    return error ? -error : pid;
}

/// Reads until the other side closes; what exceeds `capacity` is read and dropped.
static int drain(int fd, char *output, size_t capacity, size_t *length) {
    char rest[4096];
    *length = 0;
    for (;;) {
        size_t room = capacity - *length;
        ssize_t count = room ? read(fd, output + *length, room) : read(fd, rest, sizeof rest);
        if (count == 0) return 0;
        if (count < 0 && errno != EINTR) return errno;
        if (count > 0 && room) *length += (size_t)count;
    }
}

int floor_spawn(const char *path, char *const argv[], char *const envp[], const void *input, size_t input_length,
                int log, void *output, size_t capacity, struct floor_spawned *result) {
    int in[2], out[2], error = 0;
    result->started = floor_now();
    if (pipe2(in, O_CLOEXEC) < 0) return errno;
    if (pipe2(out, O_CLOEXEC) < 0) {
        error = errno;
        close(in[0]), close(in[1]);
        return error;
    }
    // Written before the start, so that the driver is not scheduled a second time just to feed its child.
    if (input_length && write(in[1], input, input_length) != (ssize_t)input_length) error = EIO;
    close(in[1]);
    pid_t pid = 0;
    if (!error) error = spawn(&pid, path, argv, envp, in[0], out[1], log);
    close(in[0]), close(out[1]);
    if (!error) {
        error = drain(out[0], output, capacity, &result->length);
        pid_t waited;
        do waited = waitpid(pid, &result->status, 0);
        while (waited < 0 && errno == EINTR);
        if (waited < 0 && !error) error = errno;
    }
    close(out[0]);
    result->ended = floor_now();
    return error;
}
