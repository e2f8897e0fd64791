// The floor under every CNI plugin: what the kernel itself takes for a pod's wiring, and what it takes to start a
// process. Everything here is also the driver's own machinery (namespaces, spawning, watching links go), so that all
// subjects are measured by the same code.
#pragma once

#include <stddef.h>
#include <stdint.h>

// MARK: namespaces.c

/// Makes a network namespace and binds it to `path` (`ip netns add`). Returns 0 or an errno.
int floor_namespace_create(const char *path);

/// Moves the calling thread into the namespace behind `fd` (`ip netns exec`). Returns 0 or an errno.
int floor_namespace_enter(int fd);

/// The calling thread's namespace as a descriptor, close-on-exec; negative: -errno.
int floor_namespace_current(void);

/// Brings the loopback link of the calling thread's namespace up (`ip link set lo up`). Returns 0 or an errno.
int floor_loopback_up(void);

/// Mounts an empty tmpfs on `path` (`mount -t tmpfs`). Returns 0 or an errno.
int floor_mount_tmpfs(const char *path);

// MARK: spawn.c

/// One process, from before its pipes were made until it was reaped. Times are CLOCK_MONOTONIC nanoseconds.
struct floor_spawned {
    uint64_t started;
    uint64_t ended;
    size_t length; // bytes written to `output`
    int status;    // as waitpid gives it
};

/// Starts `path` in the calling thread's namespaces with `input` on its standard input, collects its standard output
/// and waits for its end. Standard error goes to `log`. `input` must fit a pipe (64 KiB). Returns 0 or an errno.
int floor_spawn(const char *path, char *const argv[], char *const envp[], const void *input, size_t input_length,
                int log, void *output, size_t capacity, struct floor_spawned *result);

/// Starts a process that goes on, standard output and error to `log`; it dies with its parent's pid namespace.
/// Returns its pid, or -errno.
int floor_start(const char *path, char *const argv[], char *const envp[], int log);

/// Now, CLOCK_MONOTONIC, nanoseconds.
uint64_t floor_now(void);

/// Fills `user` and `system` with the processor time of this process, or of its reaped children, nanoseconds.
void floor_processor_time(int children, uint64_t *user, uint64_t *system);

// MARK: wire.c

/// A pod as the floor wires it.
struct floor_pod {
    char link[16];     // the host's end
    uint32_t address;  // IPv4, network byte order
    int namespace_fd;  // the pod's network namespace
    uint32_t index;    // the host's end, set by floor_wire
};

/// A routing socket in the calling thread's network namespace; one thread uses it. NULL with errno set.
struct floor_socket;
struct floor_socket *floor_socket_open(void);
void floor_socket_close(struct floor_socket *socket);

/// Wires a pod: link pair, addresses, routes, neighbours. Returns 0 or an errno; `step` names what was being done.
int floor_wire(struct floor_socket *socket, struct floor_pod *pod, const char **step);

/// Cuts a pod off and marks its link for `floor_reap`: what DEL must do before it answers.
int floor_cut(struct floor_socket *socket, const struct floor_pod *pod, uint32_t group, const char **step);

/// Deletes every link of a group (`ip link delete group N`). ENODEV when there is none.
int floor_reap(struct floor_socket *socket, uint32_t group);

// MARK: links.c

/// A socket that hears of links leaving the calling thread's network namespace, and of nothing else. Negative: -errno.
int floor_links_watch(void);

/// Waits up to `milliseconds` for the next link to be gone; its name goes to `name`. 1, 0 for none, or -errno.
int floor_links_next(int fd, int milliseconds, char name[16], uint64_t *when);

/// How many links the calling thread's network namespace has, without loopback; negative: -errno.
int floor_links_count(void);

// MARK: traffic.c

/// Sends over one TCP connection from namespace `client` to port 443 of `address` (network byte order), which namespace
/// `server` has. `rate` becomes bytes a second as the server read them. Returns 0 or an errno.
int floor_traffic_bytes(int server, int client, uint32_t address, int milliseconds, double *rate);

/// Opens TCP connections one after the other and closes them at once. `rate` becomes connections a second. Returns 0
/// or an errno.
int floor_traffic_connections(int server, int client, uint32_t address, int milliseconds, double *rate);
