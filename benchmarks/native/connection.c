#define _GNU_SOURCE
#include "connection.h"
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* One receive takes this much: a quarter of the second level cache, and more than a slab. */
enum { RECEIVE = 128 << 10, REST = 128 << 10 };

static char buffer[REST + RECEIVE];

void watch(int poll, int how, struct connection *c, unsigned events)
{
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(poll, how, c->fd, &event) < 0) {
        perror("load: epoll_ctl");
        exit(1);
    }
}

void connection_open(struct connection *c, int poll, const struct options *options)
{
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options->port)};
    int on = 1;
    inet_pton(AF_INET, options->host, &server.sin_addr);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) {
        perror("load: socket");
        exit(1);
    }
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(c->fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) {
        perror("load: connect");
        exit(1);
    }
    c->state = CONNECTING;
    watch(poll, EPOLL_CTL_ADD, c, EPOLLIN | EPOLLOUT);
}

void connection_put(struct connection *c, const char *data, size_t size)
{
    if (c->out_size + size > c->out_room) {
        c->out_room = 2 * (c->out_size + size);
        c->out = realloc(c->out, c->out_room);
        if (!c->out) {
            perror("load: memory");
            exit(1);
        }
    }
    memcpy(c->out + c->out_size, data, size);
    c->out_size += size;
}

void connection_flush(struct connection *c, int poll)
{
    if (c->state == LOST || c->out_sent == c->out_size)
        return;
    ssize_t sent = send(c->fd, c->out + c->out_sent, c->out_size - c->out_sent, MSG_NOSIGNAL);
    if (sent > 0)
        c->out_sent += (size_t)sent;
    else if (errno != EAGAIN)
        return; /* the reading side will see the loss */
    bool blocked = c->out_sent < c->out_size;
    if (!blocked)
        c->out_sent = c->out_size = 0;
    if (blocked != c->blocked)
        watch(poll, EPOLL_CTL_MOD, c, blocked ? EPOLLIN | EPOLLOUT : EPOLLIN);
    c->blocked = blocked;
}

/* Whether what was received holds `text`; if so that is dropped, with all before it. */
static bool found(struct connection *c, const char *text)
{
    char *at = memmem(c->rest, c->rest_size, text, strlen(text));
    if (at)
        connection_keep(c, at + strlen(text), c->rest_size - (size_t)(at + strlen(text) - c->rest));
    return at != NULL;
}

bool connection_greet(struct connection *c, int poll, const struct options *options)
{
    char nick[NICK], text[1024];
    nick_of(c->number, options, nick);
    c->state = GREETING;
    for (; c->step < c->script->count; c->step++) {
        const struct step *step = &c->script->steps[c->step];
        size_t size = fill(step->text, nick, 0, "", 0, text);
        text[size] = '\0';
        if (!step->awaits) {
            connection_put(c, text, size);
            connection_flush(c, poll);
        } else if (!found(c, text)) {
            size_t last = c->rest_size < sizeof text ? c->rest_size : sizeof text;
            connection_keep(c, c->rest + c->rest_size - last, last);
            return false;
        }
    }
    c->state = READY;
    if (!options->frames) /* of which the next one would not be found */
        c->rest_size = 0;
    return true;
}

/* Linux may hold an acknowledgement back for 40 ms, and does so with one who also sends. A server
 * that leaves Nagle's algorithm on (InspIRCd, ngIRCd) sends nothing more until it has come. */
static void acknowledge(struct connection *c)
{
    int on = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

const char *connection_receive(struct connection *c, size_t *size)
{
    if (c->rest_size)
        memcpy(buffer, c->rest, c->rest_size);
    ssize_t got = recv(c->fd, buffer + c->rest_size, RECEIVE, 0);
    *size = 0;
    if (c->prompt)
        acknowledge(c);
    if (got > 0)
        *size = c->rest_size + (size_t)got;
    else if (got == 0 || errno != EAGAIN)
        c->state = LOST;
    return buffer;
}

void connection_keep(struct connection *c, const char *data, size_t size)
{
    if (size > REST) {
        fprintf(stderr, "load: a delivery of more than %d bytes\n", REST);
        exit(1);
    }
    if (size > c->rest_room) {
        c->rest_room = size + 256;
        char *room = malloc(c->rest_room);
        memcpy(room, data, size); /* data may lie in the old one */
        free(c->rest);
        c->rest = room;
    } else if (size) {
        memmove(c->rest, data, size);
    }
    c->rest_size = size;
}
