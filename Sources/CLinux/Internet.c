#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

// linux/icmp.h, whose other names differ from those of netinet/ip_icmp.h.
#define RAW_ICMP_FILTER 1
#define ECHO_REPLY 0

static int answer(int value) { return value < 0 ? -errno : value; }

// Fills an address of either family from its 4 or 16 bytes.
static socklen_t fill(struct sockaddr_storage *storage, const uint8_t *address, size_t count, uint16_t port) {
    memset(storage, 0, sizeof *storage);
    if (count == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)storage;
        in->sin_family = AF_INET;
        in->sin_port = htons(port);
        memcpy(&in->sin_addr, address, 4);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(port);
    memcpy(&in6->sin6_addr, address, 16);
    return sizeof *in6;
}

int romana_echo_open(int is_version_6) {
    int protocol = is_version_6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
    int descriptor =
        socket(is_version_6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    if (descriptor < 0) return -errno;
    int bytes = 1 << 20;
    // What may not be had is not needed for a few hundred nodes.
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
        (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    int wrong;
    if (is_version_6) {
        struct icmp6_filter filter;
        ICMP6_FILTER_SETBLOCKALL(&filter);
        ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
        wrong = setsockopt(descriptor, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter);
    } else {
        uint32_t filter = ~(1U << ECHO_REPLY);
        wrong = setsockopt(descriptor, SOL_RAW, RAW_ICMP_FILTER, &filter, sizeof filter);
    }
    if (wrong < 0) {
        int number = errno;
        close(descriptor);
        return -number;
    }
    return descriptor;
}

int romana_datagram_send(int descriptor, const uint8_t *address, size_t count, const void *bytes, size_t length) {
    struct sockaddr_storage storage;
    socklen_t size = fill(&storage, address, count, 0);
    return answer((int)sendto(descriptor, bytes, length, MSG_NOSIGNAL, (struct sockaddr *)&storage, size));
}

ssize_t romana_datagram_receive(int descriptor, void *bytes, size_t capacity, uint8_t address[16]) {
    struct sockaddr_storage storage;
    socklen_t size = sizeof storage;
    ssize_t count = recvfrom(descriptor, bytes, capacity, 0, (struct sockaddr *)&storage, &size);
    if (count < 0) return -errno;
    memset(address, 0, 16);
    if (storage.ss_family == AF_INET) memcpy(address, &((struct sockaddr_in *)&storage)->sin_addr, 4);
    if (storage.ss_family == AF_INET6) memcpy(address, &((struct sockaddr_in6 *)&storage)->sin6_addr, 16);
    return count;
}

int romana_tcp_connect(const uint8_t *address, size_t count, uint16_t port) {
    struct sockaddr_storage storage;
    socklen_t size = fill(&storage, address, count, port);
    int descriptor = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -errno;
    if (connect(descriptor, (struct sockaddr *)&storage, size) == 0 || errno == EINPROGRESS) return descriptor;
    int number = errno;
    close(descriptor);
    return -number;
}

int romana_socket_error(int descriptor) {
    int number = 0;
    socklen_t size = sizeof number;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) < 0) return -errno;
    return -number;
}
