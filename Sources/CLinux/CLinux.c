#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/nsfs.h>
#ifdef __GLIBC__
#include <link.h>
#include <malloc.h>
#endif
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

// The most descriptors taken from one message; the agent's frame carries one.
#define PASSED_MAX 16

static int answer(int value) { return value < 0 ? -errno : value; }

int romana_errno(void) { return errno; }

int romana_open(const char *path, int flags, mode_t mode) { return answer(open(path, flags | O_CLOEXEC, mode)); }

int romana_duplicate(int descriptor) { return answer(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)); }

// Namespaces

int romana_namespace_enter(int descriptor) { return answer(setns(descriptor, CLONE_NEWNET)); }

int romana_namespace_unshare(void) { return answer(unshare(CLONE_NEWNET)); }

bool romana_namespace_check(int descriptor) { return ioctl(descriptor, NS_GET_NSTYPE) == CLONE_NEWNET; }

int romana_namespace_pin(const char *path) {
    return answer(mount("/proc/thread-self/ns/net", path, "none", MS_BIND, NULL));
}

int romana_namespace_unpin(const char *path) { return answer(umount2(path, MNT_DETACH)); }

int romana_namespace_share(const char *directory) {
    if (mount("", directory, "none", MS_SHARED | MS_REC, NULL) == 0) return 0;
    if (errno != EINVAL) return -errno;
    // Not a mount point yet: bind it onto itself once.
    if (mount(directory, directory, "none", MS_BIND | MS_REC, NULL) < 0) return -errno;
    return answer(mount("", directory, "none", MS_SHARED | MS_REC, NULL));
}

int romana_identity(int descriptor, uint64_t *device, uint64_t *inode) {
    struct stat status;
    int got = descriptor < 0 ? stat("/proc/thread-self/ns/net", &status) : fstat(descriptor, &status);
    if (got < 0) return -errno;
    *device = status.st_dev;
    *inode = status.st_ino;
    return 0;
}

// Waiting

int romana_epoll_create(void) { return answer(epoll_create1(EPOLL_CLOEXEC)); }

int romana_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return answer(epoll_ctl(epoll, operation, descriptor, &event));
}

int romana_epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeout_milliseconds) {
    return answer(epoll_wait(epoll, events, capacity, timeout_milliseconds));
}

int romana_eventfd(void) { return answer(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int romana_timerfd_create(void) { return answer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)); }

static struct timespec timespec_of(uint64_t nanoseconds) {
    return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}

int romana_timerfd_set(int descriptor, uint64_t first_nanoseconds, uint64_t interval_nanoseconds) {
    struct itimerspec setting = {
        .it_value = timespec_of(first_nanoseconds), .it_interval = timespec_of(interval_nanoseconds)};
    return answer(timerfd_settime(descriptor, 0, &setting, NULL));
}

int romana_signalfd(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < count; i++)
        if (sigaddset(&set, signals[i]) < 0) return -errno;
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (error) return -error;
    return answer(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int romana_signalfd_read(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t count = read(descriptor, &info, sizeof info);
    if (count < 0) return -errno;
    return count == sizeof info ? (int)info.ssi_signo : -EIO;
}

int romana_pipe(int descriptors[2]) { return answer(pipe2(descriptors, O_CLOEXEC)); }

// Unix sockets

static int address_of(const char *path, struct sockaddr_un *address) {
    size_t length = strlen(path);
    if (length == 0) return -EINVAL;
    if (length >= sizeof address->sun_path) return -ENAMETOOLONG;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, length + 1);
    return 0;
}

static int close_with(int descriptor, int error) {
    close(descriptor);
    return -error;
}

int romana_unix_listen(const char *path, int backlog, mode_t mode) {
    struct sockaddr_un address;
    int wrong = address_of(path, &address);
    if (wrong) return wrong;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -errno;
    // The mode of the socket file follows the mode of the socket's inode on Linux, so it is never open to others.
    if (fchmod(descriptor, mode) < 0) return close_with(descriptor, errno);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return close_with(descriptor, errno);
    if (chmod(path, mode) < 0) return close_with(descriptor, errno);
    if (listen(descriptor, backlog) < 0) return close_with(descriptor, errno);
    return descriptor;
}

int romana_unix_connect(const char *path) {
    struct sockaddr_un address;
    int wrong = address_of(path, &address);
    if (wrong) return wrong;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return close_with(descriptor, errno);
    return descriptor;
}

int romana_unix_pair(int descriptors[2]) {
    return answer(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors));
}

int romana_unix_accept(int descriptor) {
    return answer(accept4(descriptor, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

int romana_unix_credentials(int descriptor, int32_t *pid, uint32_t *uid, uint32_t *gid) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) return -errno;
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int) * PASSED_MAX)];
};

ssize_t romana_unix_send(int descriptor, const void *bytes, size_t count, const int *passed, size_t passed_count) {
    if (passed_count > PASSED_MAX) return -EINVAL;
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    union control control;
    if (passed_count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.room;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * passed_count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * passed_count);
        memcpy(CMSG_DATA(header), passed, sizeof(int) * passed_count);
    }
    ssize_t sent = sendmsg(descriptor, &message, MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}

ssize_t romana_unix_receive(
    int descriptor, void *bytes, size_t capacity, int *passed, size_t passed_capacity, size_t *passed_count) {
    struct iovec vector = {.iov_base = bytes, .iov_len = capacity};
    union control control;
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control};
    *passed_count = 0;
    ssize_t received = recvmsg(descriptor, &message, MSG_CMSG_CLOEXEC);
    if (received < 0) return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int one;
            memcpy(&one, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
            if (*passed_count < passed_capacity)
                passed[(*passed_count)++] = one;
            else
                close(one);
        }
    }
    return received;
}

static struct timeval timeval_of(uint64_t nanoseconds) {
    return (struct timeval){.tv_sec = nanoseconds / 1000000000, .tv_usec = (nanoseconds % 1000000000) / 1000};
}

int romana_socket_timeouts(int descriptor, uint64_t receive_nanoseconds, uint64_t send_nanoseconds) {
    struct timeval receive = timeval_of(receive_nanoseconds), send = timeval_of(send_nanoseconds);
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &receive, sizeof receive) < 0) return -errno;
    return answer(setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &send, sizeof send));
}

// Threads

int romana_thread_id(void) { return gettid(); }

int romana_thread_name(const char *name) { return -pthread_setname_np(pthread_self(), name); }

// Errors

#ifdef __GLIBC__
const char *romana_errno_name(int number) { return strerrorname_np(number); }

const char *romana_errno_message(int number) { return strerrordesc_np(number); }
#else
// musl, which the CNI plugin is linked with, has no names. Those of Errno+Names.swift.
#define NAMES \
    NAME(EPERM) NAME(ENOENT) NAME(ESRCH) NAME(EINTR) NAME(EIO) NAME(ENXIO) NAME(E2BIG) NAME(EBADF) NAME(EAGAIN) \
    NAME(ENOMEM) NAME(EACCES) NAME(EFAULT) NAME(EBUSY) NAME(EEXIST) NAME(EXDEV) NAME(ENODEV) NAME(ENOTDIR) \
    NAME(EISDIR) NAME(EINVAL) NAME(EMFILE) NAME(ENFILE) NAME(EFBIG) NAME(ENOSPC) NAME(EROFS) NAME(EPIPE) \
    NAME(ERANGE) NAME(ENAMETOOLONG) NAME(ENOTEMPTY) NAME(ELOOP) NAME(EMSGSIZE) NAME(EPROTONOSUPPORT) \
    NAME(EOPNOTSUPP) NAME(EAFNOSUPPORT) NAME(EADDRINUSE) NAME(EADDRNOTAVAIL) NAME(ENETDOWN) NAME(ENETUNREACH) \
    NAME(ECONNABORTED) NAME(ECONNRESET) NAME(ENOBUFS) NAME(ENOTCONN) NAME(ETIMEDOUT) NAME(ECONNREFUSED) \
    NAME(EHOSTUNREACH) NAME(ECANCELED)

const char *romana_errno_name(int number) {
    switch (number) {
#define NAME(name) case name: return #name;
        NAMES
#undef NAME
    default: return NULL;
    }
}

const char *romana_errno_message(int number) { return romana_errno_name(number) ? strerror(number) : NULL; }
#endif

int romana_random(void *bytes, size_t count) {
    ssize_t got = getrandom(bytes, count, 0);
    if (got < 0) return -errno;
    return (size_t)got == count ? 0 : -EIO;
}

const char *romana_environment_entry(size_t index) { return environ ? environ[index] : NULL; }

// Netlink options

static int buffer(int descriptor, int forced, int ordinary, int bytes) {
    if (setsockopt(descriptor, SOL_SOCKET, forced, &bytes, sizeof bytes) == 0) return 0;
    if (errno != EPERM) return -errno;
    return answer(setsockopt(descriptor, SOL_SOCKET, ordinary, &bytes, sizeof bytes));
}

int romana_socket_buffers(int descriptor, int send_bytes, int receive_bytes) {
    int wrong = buffer(descriptor, SO_SNDBUFFORCE, SO_SNDBUF, send_bytes);
    return wrong ? wrong : buffer(descriptor, SO_RCVBUFFORCE, SO_RCVBUF, receive_bytes);
}

int romana_netlink_option(int descriptor, int option, int value) {
    return answer(setsockopt(descriptor, SOL_NETLINK, option, &value, sizeof value));
}

int romana_netlink_ignore_link_groups(int descriptor, uint32_t one, uint32_t other) {
    /* BPF loads in network order; netlink is in the machine's. Attributes follow nlmsghdr and ifinfomsg. */
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWLINK), 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELLINK), 0, 8),
        BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, IFLA_GROUP),
        BPF_STMT(BPF_LD | BPF_W | BPF_IMM, NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct ifinfomsg))),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_NLATTR),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 4, 0),
        BPF_STMT(BPF_MISC | BPF_TAX, 0),
        BPF_STMT(BPF_LD | BPF_W | BPF_IND, NLA_HDRLEN),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(one), 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(other), 1, 0),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog filter = {.len = sizeof(program) / sizeof(program[0]), .filter = program};
    return answer(setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
}

int romana_thread_nice(int nice) { return answer(setpriority(PRIO_PROCESS, (id_t)gettid(), nice)); }

#ifdef __GLIBC__
void romana_memory_heaps(int count) { mallopt(M_ARENA_MAX, count); }

void romana_memory_trim(void) { malloc_trim(0); }

// Whether the loader wrote into pages of the file that are not writable any more.
static int has_relocated_code(const struct dl_phdr_info *object) {
    for (int part = 0; part < object->dlpi_phnum; part++) {
        if (object->dlpi_phdr[part].p_type != PT_DYNAMIC) continue;
        const ElfW(Dyn) *entry = (const void *)(object->dlpi_addr + object->dlpi_phdr[part].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL)) return 1;
        }
    }
    return 0;
}

static int unmap_object(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size, (void)unused;
    // The program has no name here, the kernel's own object one without a folder.
    if ((object->dlpi_name[0] && object->dlpi_name[0] != '/') || has_relocated_code(object)) return 0;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;
    for (int part = 0; part < object->dlpi_phnum; part++) {
        const ElfW(Phdr) *header = &object->dlpi_phdr[part];
        if (header->p_type != PT_LOAD || header->p_flags & PF_W) continue;
        uintptr_t start = (object->dlpi_addr + header->p_vaddr) & ~page;
        uintptr_t end = (object->dlpi_addr + header->p_vaddr + header->p_filesz) & ~page;
        if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void romana_memory_unmap_code(void) { dl_iterate_phdr(unmap_object, NULL); }
#else
void romana_memory_heaps(int count) { (void)count; }

void romana_memory_trim(void) {}

void romana_memory_unmap_code(void) {}

// Embedded Swift takes the seed of its hashes from here, and musl has no such function. May go when musl has it.
void arc4random_buf(void *bytes, size_t count) {
    for (size_t done = 0; done < count;) {
        ssize_t got = getrandom((char *)bytes + done, count - done, 0);
        if (got > 0) done += (size_t)got;
    }
}
#endif
