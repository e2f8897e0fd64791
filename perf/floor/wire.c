#include "CFloor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint8_t host_mac[6] = {0xee, 0xee, 0xee, 0xee, 0xee, 0xee};
static const uint8_t gateway[4] = {169, 254, 1, 1};

struct floor_socket {
    struct mnl_socket *route;
    int home;           // the namespace the socket is in
    uint32_t sequence;
    size_t used;        // bytes of the batch
    struct nlmsghdr *last;
    char batch[8192] __attribute__((aligned(8)));
    char reply[8192] __attribute__((aligned(8)));
};

// MARK: Batches

static struct mnl_socket *open_route_socket(void) {
    struct mnl_socket *route = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    if (route && mnl_socket_bind(route, 0, MNL_SOCKET_AUTOPID) == 0) return route;
    if (route) mnl_socket_close(route);
    return NULL;
}

struct floor_socket *floor_socket_open(void) {
    struct floor_socket *socket = calloc(1, sizeof *socket);
    if (!socket) return NULL;
    socket->home = floor_namespace_current();
    socket->route = open_route_socket();
    if (socket->route && socket->home >= 0) return socket;
    floor_socket_close(socket);
    return NULL;
}

void floor_socket_close(struct floor_socket *socket) {
    if (socket->route) mnl_socket_close(socket->route);
    if (socket->home >= 0) close(socket->home);
    free(socket);
}

static void begin(struct floor_socket *socket) {
    socket->used = 0;
    socket->last = NULL;
}

/// Ends the message before, and starts the next one of the batch.
static void *message(struct floor_socket *socket, uint16_t type, uint16_t flags, size_t header_length) {
    if (socket->last) socket->used += MNL_ALIGN(socket->last->nlmsg_len);
    socket->last = mnl_nlmsg_put_header(socket->batch + socket->used);
    socket->last->nlmsg_type = type;
    socket->last->nlmsg_flags = NLM_F_REQUEST | flags;
    socket->last->nlmsg_seq = ++socket->sequence;
    return mnl_nlmsg_put_extra_header(socket->last, header_length);
}

/// Sends the batch. Only failures and the last message answer: the least that the kernel can be asked to say.
/// An RTM_NEWLINK among the answers (NLM_F_ECHO) gives `index` and, of a pair, `peer`.
static int commit(struct floor_socket *socket, struct mnl_socket *route, uint32_t *index, uint32_t *peer) {
    socket->last->nlmsg_flags |= NLM_F_ACK;
    socket->used += MNL_ALIGN(socket->last->nlmsg_len);
    if (mnl_socket_sendto(route, socket->batch, socket->used) < 0) return errno;
    for (;;) {
        ssize_t received = mnl_socket_recvfrom(route, socket->reply, sizeof socket->reply);
        if (received < 0) return errno;
        int length = (int)received;
        for (const struct nlmsghdr *header = (struct nlmsghdr *)socket->reply; mnl_nlmsg_ok(header, length);
             header = mnl_nlmsg_next(header, &length)) {
            if (header->nlmsg_type == NLMSG_ERROR) {
                const struct nlmsgerr *error = mnl_nlmsg_get_payload(header);
                if (error->error) return -error->error;
                if (header->nlmsg_seq == socket->sequence) return 0;
            } else if (header->nlmsg_type == RTM_NEWLINK && index) {
                const struct ifinfomsg *link = mnl_nlmsg_get_payload(header);
                const struct nlattr *attribute;
                *index = (uint32_t)link->ifi_index;
                mnl_attr_for_each(attribute, header, sizeof *link) {
                    if (mnl_attr_get_type(attribute) == IFLA_LINK) *peer = mnl_attr_get_u32(attribute);
                }
            }
        }
    }
}

// MARK: Messages

static void put_one_queue(struct nlmsghdr *header) {
    mnl_attr_put_u32(header, IFLA_NUM_TX_QUEUES, 1);
    mnl_attr_put_u32(header, IFLA_NUM_RX_QUEUES, 1);
}

/// ip link add HOST up address ee:ee:ee:ee:ee:ee numtxqueues 1 numrxqueues 1
///     type veth peer name eth0 address MAC numtxqueues 1 numrxqueues 1 netns FD
static void add_pair(struct floor_socket *socket, const struct floor_pod *pod, const uint8_t pod_mac[6]) {
    struct ifinfomsg *link =
        message(socket, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO, sizeof(struct ifinfomsg));
    struct nlmsghdr *header = socket->last;
    link->ifi_flags = link->ifi_change = IFF_UP;
    mnl_attr_put_strz(header, IFLA_IFNAME, pod->link);
    mnl_attr_put(header, IFLA_ADDRESS, 6, host_mac);
    put_one_queue(header);
    struct nlattr *info = mnl_attr_nest_start(header, IFLA_LINKINFO);
    mnl_attr_put_strz(header, IFLA_INFO_KIND, "veth");
    struct nlattr *data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
    struct nlattr *peer = mnl_attr_nest_start(header, VETH_INFO_PEER);
    mnl_nlmsg_put_extra_header(header, sizeof(struct ifinfomsg));
    mnl_attr_put_strz(header, IFLA_IFNAME, "eth0");
    mnl_attr_put(header, IFLA_ADDRESS, 6, pod_mac);
    mnl_attr_put_u32(header, IFLA_NET_NS_FD, (uint32_t)pod->namespace_fd);
    put_one_queue(header);
    mnl_attr_nest_end(header, peer);
    mnl_attr_nest_end(header, data);
    mnl_attr_nest_end(header, info);
}

/// ip link set dev INDEX up
static void link_up(struct floor_socket *socket, uint32_t index) {
    struct ifinfomsg *link = message(socket, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
    link->ifi_index = (int)index;
    link->ifi_flags = link->ifi_change = IFF_UP;
}

/// ip link set dev INDEX addrgenmode none [alias TEXT]: refused while a link is made, late once it is up
static void link_own(struct floor_socket *socket, uint32_t index, const char *alias) {
    struct ifinfomsg *link = message(socket, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
    link->ifi_index = (int)index;
    if (alias) mnl_attr_put(socket->last, IFLA_IFALIAS, strlen(alias), alias);
    struct nlattr *families = mnl_attr_nest_start(socket->last, IFLA_AF_SPEC);
    struct nlattr *ipv6 = mnl_attr_nest_start(socket->last, AF_INET6);
    mnl_attr_put_u8(socket->last, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
    mnl_attr_nest_end(socket->last, ipv6);
    mnl_attr_nest_end(socket->last, families);
}

/// ip address add ADDRESS/32 dev INDEX
static void add_address(struct floor_socket *socket, uint32_t index, uint32_t address) {
    struct ifaddrmsg *body = message(socket, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifaddrmsg));
    body->ifa_family = AF_INET;
    body->ifa_prefixlen = 32;
    body->ifa_index = index;
    mnl_attr_put_u32(socket->last, IFA_LOCAL, address);
    mnl_attr_put_u32(socket->last, IFA_ADDRESS, address);
}

/// ip route replace TO dev INDEX [via VIA] (or `delete`); `to` of NULL is the default route
static void route(struct floor_socket *socket, uint16_t type, const void *to, const void *via, uint32_t index) {
    uint16_t flags = type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_REPLACE : 0;
    struct rtmsg *body = message(socket, type, flags, sizeof(struct rtmsg));
    body->rtm_family = AF_INET;
    body->rtm_dst_len = to ? 32 : 0;
    body->rtm_table = RT_TABLE_MAIN;
    body->rtm_protocol = RTPROT_BOOT;
    body->rtm_scope = via ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
    body->rtm_type = RTN_UNICAST;
    if (to) mnl_attr_put(socket->last, RTA_DST, 4, to);
    if (via) mnl_attr_put(socket->last, RTA_GATEWAY, 4, via);
    mnl_attr_put_u32(socket->last, RTA_OIF, index);
}

/// ip neighbour replace ADDRESS lladdr MAC dev INDEX nud permanent
static void neighbour(struct floor_socket *socket, const void *address, const uint8_t mac[6], uint32_t index) {
    struct ndmsg *body = message(socket, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof(struct ndmsg));
    body->ndm_family = AF_INET;
    body->ndm_ifindex = (int)index;
    body->ndm_state = NUD_PERMANENT;
    mnl_attr_put(socket->last, NDA_DST, 4, address);
    mnl_attr_put(socket->last, NDA_LLADDR, 6, mac);
}

// MARK: Pods

/// A socket stays in the namespace it was opened in, so the thread goes there only to open it.
static int open_route_socket_in(struct floor_socket *socket, int namespace_fd, struct mnl_socket **route) {
    int error = floor_namespace_enter(namespace_fd);
    if (error) return error;
    *route = open_route_socket();
    error = *route ? 0 : errno;
    int back = floor_namespace_enter(socket->home);
    return error ? error : back;
}

int floor_wire(struct floor_socket *socket, struct floor_pod *pod, const char **step) {
    uint8_t pod_mac[6] = {0x02, 0x00};
    memcpy(pod_mac + 2, &pod->address, 4);

    *step = "add the link pair";
    uint32_t peer = 0;
    begin(socket);
    add_pair(socket, pod, pod_mac);
    int error = commit(socket, socket->route, &pod->index, &peer);
    if (error) return error;

    *step = "wire the host's end";
    begin(socket);
    link_own(socket, pod->index, "bench/pod eth0 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    route(socket, RTM_NEWROUTE, &pod->address, NULL, pod->index);
    neighbour(socket, &pod->address, pod_mac, pod->index);
    error = commit(socket, socket->route, NULL, NULL);
    if (error) return error;

    *step = "open a socket in the pod's namespace";
    struct mnl_socket *inside = NULL;
    error = open_route_socket_in(socket, pod->namespace_fd, &inside);
    if (error) return error;

    *step = "wire the pod's end";
    begin(socket);
    link_up(socket, 1);
    link_own(socket, peer, NULL);
    link_up(socket, peer);
    add_address(socket, peer, pod->address);
    route(socket, RTM_NEWROUTE, gateway, NULL, peer);
    route(socket, RTM_NEWROUTE, NULL, gateway, peer);
    neighbour(socket, gateway, host_mac, peer);
    error = commit(socket, inside, NULL, NULL);
    mnl_socket_close(inside);
    return error;
}

int floor_cut(struct floor_socket *socket, const struct floor_pod *pod, uint32_t group, const char **step) {
    *step = "cut the pod off";
    begin(socket);
    route(socket, RTM_DELROUTE, &pod->address, NULL, pod->index);
    // ip link set dev INDEX down group GROUP
    struct ifinfomsg *link = message(socket, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
    link->ifi_index = (int)pod->index;
    link->ifi_change = IFF_UP;
    mnl_attr_put_u32(socket->last, IFLA_GROUP, group);
    return commit(socket, socket->route, NULL, NULL);
}

int floor_reap(struct floor_socket *socket, uint32_t group) {
    begin(socket);
    // ip link delete group GROUP
    message(socket, RTM_DELLINK, 0, sizeof(struct ifinfomsg));
    mnl_attr_put_u32(socket->last, IFLA_GROUP, group);
    return commit(socket, socket->route, NULL, NULL);
}
