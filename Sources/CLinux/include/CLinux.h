// What Swift's Glibc module hides, and nothing else: functions that glibc declares under _GNU_SOURCE only, macros
// with arguments, structures of the kernel's own headers. Every function answers a value >= 0, or -errno, so that
// nothing can run between a call and the reading of its errno. No library but libc.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <sys/types.h>

// The constants of netlink; glibc's module has none of the linux/ headers.
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <linux/veth.h>

// open and fcntl take any number of arguments, which Swift cannot pass. Both descriptors are close-on-exec.
int romana_open(const char *path, int flags, mode_t mode);
int romana_duplicate(int descriptor);

// errno is a macro. Read it at once after the call that set it.
int romana_errno(void);

// setns, unshare, mount and umount2 need _GNU_SOURCE; here only for network namespaces.
int romana_namespace_enter(int descriptor);
int romana_namespace_unshare(void);
// Whether a descriptor leads to a network namespace: ioctl takes any number of arguments.
bool romana_namespace_check(int descriptor);
int romana_namespace_pin(const char *path);
int romana_namespace_unpin(const char *path);
// Makes `directory` a mount of its own that shares mounts, as `ip netns add` does, so that pins are seen everywhere.
int romana_namespace_share(const char *directory);

// The identity of an open file, of the calling thread's network namespace for -1; struct stat's fields have platform
// names in Swift.
int romana_identity(int descriptor, uint64_t *device, uint64_t *inode);

// epoll is not in the Glibc module.
int romana_epoll_create(void);
int romana_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token);
int romana_epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeout_milliseconds);

// eventfd, timerfd and signalfd are not in the Glibc module.
int romana_eventfd(void);
int romana_timerfd_create(void);
int romana_timerfd_set(int descriptor, uint64_t first_nanoseconds, uint64_t interval_nanoseconds);
// Blocks the signals in the calling thread and gives a descriptor that reads them.
int romana_signalfd(const int *signals, size_t count);
int romana_signalfd_read(int descriptor);

// pipe2 needs _GNU_SOURCE.
int romana_pipe(int descriptors[2]);

// Unix sockets: accept4 and struct ucred need _GNU_SOURCE; sockaddr_un and the CMSG_* macros do not import.
int romana_unix_listen(const char *path, int backlog, mode_t mode);
int romana_unix_connect(const char *path);
int romana_unix_pair(int descriptors[2]);
int romana_unix_accept(int descriptor);
int romana_unix_credentials(int descriptor, int32_t *pid, uint32_t *uid, uint32_t *gid);
ssize_t romana_unix_send(int descriptor, const void *bytes, size_t count, const int *passed, size_t passed_count);
// Fills `passed` (room for `passed_capacity`), sets *passed_count; descriptors beyond the room are closed.
ssize_t romana_unix_receive(
    int descriptor, void *bytes, size_t capacity, int *passed, size_t passed_capacity, size_t *passed_count);
int romana_socket_timeouts(int descriptor, uint64_t receive_nanoseconds, uint64_t send_nanoseconds);

// Internet sockets: sockaddr_in and sockaddr_in6 take casts, filters are macros. Addresses are their 4 or 16 bytes in
// network order.
// A raw socket that gets echo replies alone and never waits; it takes CAP_NET_RAW.
int romana_echo_open(int is_version_6);
int romana_datagram_send(int descriptor, const uint8_t *address, size_t count, const void *bytes, size_t length);
ssize_t romana_datagram_receive(int descriptor, void *bytes, size_t capacity, uint8_t address[16]);
// Begins to connect; writable when that is done, and then romana_socket_error tells how: 0 or -errno.
int romana_tcp_connect(const uint8_t *address, size_t count, uint16_t port);
int romana_socket_error(int descriptor);

// gettid and pthread_setname_np need _GNU_SOURCE.
int romana_thread_id(void);
int romana_thread_name(const char *name);

// strerrorname_np and strerrordesc_np need _GNU_SOURCE. NULL for an unknown number.
const char *romana_errno_name(int number);
const char *romana_errno_message(int number);

// getrandom is not in the Glibc module.
int romana_random(void *bytes, size_t count);

// The process's environment; `environ` is shared mutable state, refused by Swift 6. NULL past the end.
const char *romana_environment_entry(size_t index);

// The priority of one thread: setpriority takes an enum that Swift cannot name.
int romana_thread_nice(int nice);

// Netlink options: SO_SNDBUFFORCE and SOL_NETLINK are not in the Glibc module. Sizes fall back to what an
// unprivileged process may set.
int romana_socket_buffers(int descriptor, int send_bytes, int receive_bytes);
int romana_netlink_option(int descriptor, int option, int value);
/* Struct initializers of classic BPF are macros. Drops events of links in either group before they are queued. */
int romana_netlink_ignore_link_groups(int descriptor, uint32_t one, uint32_t other);

// malloc.h is not in the Glibc module; with another libc they do nothing.
// How many heaps all threads share at most. Call it before there are threads.
void romana_memory_heaps(int count);
// Gives what is free in the heaps back to the kernel.
void romana_memory_trim(void);
// Unmaps what is never written of the program and its libraries; whoever needs a page finds it in the page cache.
void romana_memory_unmap_code(void);
