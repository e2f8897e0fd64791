#include "CFloor.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// rtnetlink tells its listeners of every step in a link's life; the filter lets RTM_DELLINK through alone, so that
// watching costs the measured system one wake-up a pod.
static int listen_for_departures(int fd) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)), // loads as big-endian
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __builtin_bswap16(RTM_DELLINK), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};
    int size = 8 << 20;
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0) return errno;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0) return errno;
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    return bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? errno : 0;
}

int floor_links_watch(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0) return -errno;
    int error = listen_for_departures(fd);
    if (error) close(fd);
    return error ? -error : fd;
}

int floor_links_next(int fd, int milliseconds, char name[16], uint64_t *when) {
    char buffer[8192] __attribute__((aligned(4)));
    for (;;) {
        ssize_t length = recv(fd, buffer, sizeof buffer, 0);
        if (length < 0 && errno == EINTR) continue;
        if (length < 0 && errno != EAGAIN) return -errno;
        if (length < 0) {
            struct pollfd wanted = {.fd = fd, .events = POLLIN};
            int ready = poll(&wanted, 1, milliseconds);
            if (ready < 0 && errno != EINTR) return -errno;
            if (ready == 0) return 0;
            continue;
        }
        *when = floor_now();
        const struct nlmsghdr *header = (struct nlmsghdr *)buffer;
        if (!mnl_nlmsg_ok(header, (int)length) || header->nlmsg_type != RTM_DELLINK) continue;
        const struct ifinfomsg *link = mnl_nlmsg_get_payload(header);
        if (link->ifi_family != AF_UNSPEC) continue; // a port that left its bridge: the link itself is still there
        const struct nlattr *attribute;
        mnl_attr_for_each(attribute, header, sizeof *link) {
            if (mnl_attr_get_type(attribute) != IFLA_IFNAME) continue;
            memset(name, 0, 16);
            strncpy(name, mnl_attr_get_str(attribute), 15);
            return 1;
        }
    }
}

int floor_links_count(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) return -errno;
    char buffer[32768] __attribute__((aligned(4)));
    struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
    request->nlmsg_type = RTM_GETLINK;
    request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
    int count = 0;
    if (send(fd, buffer, request->nlmsg_len, 0) < 0) count = -errno;
    for (int more = count == 0; more;) {
        ssize_t received = recv(fd, buffer, sizeof buffer, 0);
        if (received < 0) {
            count = -errno;
            break;
        }
        int length = (int)received;
        for (const struct nlmsghdr *header = (struct nlmsghdr *)buffer; mnl_nlmsg_ok(header, length);
             header = mnl_nlmsg_next(header, &length)) {
            if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) {
                more = 0;
                break;
            }
            const struct ifinfomsg *link = mnl_nlmsg_get_payload(header);
            count += !(link->ifi_flags & IFF_LOOPBACK);
        }
    }
    close(fd);
    return count;
}
