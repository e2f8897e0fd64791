#include "CFloor.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

int floor_namespace_current(void) {
    int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int floor_namespace_enter(int fd) { return setns(fd, CLONE_NEWNET) < 0 ? errno : 0; }

int floor_namespace_create(const char *path) {
    int file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
    if (file < 0) return errno;
    close(file);
    int home = floor_namespace_current();
    if (home < 0) return -home;
    int error = 0;
    if (unshare(CLONE_NEWNET) < 0) {
        error = errno;
    } else {
        if (mount("/proc/thread-self/ns/net", path, "none", MS_BIND, NULL) < 0) error = errno;
        int back = floor_namespace_enter(home);
        if (back) error = back;
    }
    close(home);
    if (error) unlink(path);
    return error;
}

int floor_loopback_up(void) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno;
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int error = ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? errno : 0;
    close(fd);
    return error;
}

int floor_mount_tmpfs(const char *path) { return mount("perf", path, "tmpfs", 0, "mode=0755") < 0 ? errno : 0; }
