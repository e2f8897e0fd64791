#include "CFloor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { port = 443, block = 256 << 10 };

struct server {
    int listener;
    int keeps;      // whether connections are read to their end, or closed at once
    uint64_t bytes; // read so far
};

static int listen_in(int namespace_fd) {
    int home = floor_namespace_current();
    if (home < 0) return home;
    int error = floor_namespace_enter(namespace_fd);
    int fd = -1;
    if (!error) {
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
        int on = 1;
        if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
            bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 4096) < 0)
            error = errno;
        int back = floor_namespace_enter(home);
        if (!error) error = back;
    }
    close(home);
    if (error && fd >= 0) close(fd);
    return error ? -error : fd;
}

// A socket stays in the namespace that it was made in, so the server's thread need not be there.
static void *serve(void *argument) {
    struct server *server = argument;
    char *buffer = malloc(block);
    for (;;) {
        int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) break; // the listener was shut down
        ssize_t count;
        while (server->keeps && (count = read(fd, buffer, block)) > 0) server->bytes += (uint64_t)count;
        close(fd);
    }
    free(buffer);
    return NULL;
}

static int connect_to(uint32_t address, int milliseconds) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    struct timeval limit = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = address};
    if (connect(fd, (struct sockaddr *)&peer, sizeof peer) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

static int send_until(uint32_t address, uint64_t end) {
    int fd = connect_to(address, 3000);
    if (fd < 0) return -fd;
    char *buffer = calloc(1, block);
    int error = buffer ? 0 : ENOMEM;
    while (!error && floor_now() < end)
        if (write(fd, buffer, block) < 0) error = errno;
    free(buffer);
    close(fd);
    return error;
}

static int connect_until(uint32_t address, uint64_t end, uint64_t *count) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    while (floor_now() < end) {
        int fd = connect_to(address, 3000);
        if (fd < 0) return -fd;
        // A reset leaves nothing behind that would wait for its time.
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
        *count += 1;
    }
    return 0;
}

static int run(int server_namespace, int client_namespace, uint32_t address, int milliseconds, int keeps,
               double *rate) {
    struct server server = {.listener = listen_in(server_namespace), .keeps = keeps};
    if (server.listener < 0) return -server.listener;
    int home = floor_namespace_current();
    pthread_t thread;
    int error = home < 0 ? -home : pthread_create(&thread, NULL, serve, &server);
    if (error) {
        close(server.listener);
        return error;
    }
    uint64_t connections = 0;
    error = floor_namespace_enter(client_namespace);
    uint64_t start = floor_now();
    if (!error) {
        uint64_t end = start + (uint64_t)milliseconds * 1000000;
        error = keeps ? send_until(address, end) : connect_until(address, end, &connections);
        int back = floor_namespace_enter(home);
        if (!error) error = back;
    }
    uint64_t stop = floor_now();
    shutdown(server.listener, SHUT_RD);
    pthread_join(thread, NULL);
    close(server.listener);
    close(home);
    *rate = (double)(keeps ? server.bytes : connections) * 1e9 / (double)(stop - start);
    return error;
}

int floor_traffic_bytes(int server, int client, uint32_t address, int milliseconds, double *rate) {
    return run(server, client, address, milliseconds, 1, rate);
}

int floor_traffic_connections(int server, int client, uint32_t address, int milliseconds, double *rate) {
    return run(server, client, address, milliseconds, 0, rate);
}
