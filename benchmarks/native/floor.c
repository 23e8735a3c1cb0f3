/* The least a chat server can do: epoll, one line in, one send() to each other member.
 *
 * No batches, no rooms, no record, no limits. What a full socket does not take is kept and sent
 * when it can be. Its cost per delivery is what the kernel asks for; nobody who makes one system
 * call per delivery can be below it. Speaks the first lines of the plain dialect: a nick, then text.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE = 8192, TURN = 256, MOST = 1 << 16 };

struct member {
    int fd, place; /* place in `members`, -1 before the nick is known */
    char nick[32];
    char in[LINE];
    size_t in_size;
    char *out;
    size_t out_size, out_room;
};

static int poll_fd;
static struct member *members[MOST];
static int count;

static void watch(int how, struct member *m, unsigned events)
{
    struct epoll_event event = {.events = events, .data.ptr = m};
    epoll_ctl(poll_fd, how, m->fd, &event);
}

static void keep(struct member *m, const char *data, size_t size)
{
    if (m->out_size + size > m->out_room) {
        m->out_room = 2 * (m->out_size + size);
        m->out = realloc(m->out, m->out_room);
        if (!m->out)
            abort();
    }
    if (!m->out_size)
        watch(EPOLL_CTL_MOD, m, EPOLLIN | EPOLLOUT);
    memcpy(m->out + m->out_size, data, size);
    m->out_size += size;
}

static void deliver(struct member *m, const char *data, size_t size)
{
    ssize_t sent = m->out_size ? 0 : send(m->fd, data, size, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN)
        return; /* its reading side will see why */
    if (sent < 0)
        sent = 0;
    if ((size_t)sent < size)
        keep(m, data + sent, size - (size_t)sent);
}

static void drain(struct member *m)
{
    ssize_t sent = send(m->fd, m->out, m->out_size, MSG_NOSIGNAL);
    if (sent > 0) {
        m->out_size -= (size_t)sent;
        memmove(m->out, m->out + sent, m->out_size);
    }
    if (!m->out_size)
        watch(EPOLL_CTL_MOD, m, EPOLLIN);
}

static void line(struct member *m, const char *text, size_t size)
{
    char message[LINE + 64];
    if (m->place < 0) {
        snprintf(m->nick, sizeof m->nick, "%.*s", (int)size, text);
        m->place = count;
        members[count++] = m;
        deliver(m, message, (size_t)sprintf(message, "-- Hello %s.\n", m->nick));
        return;
    }
    size_t length = (size_t)sprintf(message, "<%s> %.*s\n", m->nick, (int)size, text);
    for (int i = 0; i < count; i++)
        if (members[i] != m)
            deliver(members[i], message, length);
}

static void leave(struct member *m)
{
    if (m->place >= 0) {
        members[m->place] = members[--count];
        members[m->place]->place = m->place;
    }
    close(m->fd);
    free(m->out);
    free(m);
}

static void receive(struct member *m)
{
    ssize_t got = recv(m->fd, m->in + m->in_size, LINE - m->in_size, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        leave(m);
        return;
    }
    m->in_size += (size_t)got;
    char *start = m->in, *end = m->in + m->in_size, *newline;
    while ((newline = memchr(start, '\n', (size_t)(end - start)))) {
        line(m, start, (size_t)(newline - start));
        start = newline + 1;
    }
    m->in_size = (size_t)(end - start);
    memmove(m->in, start, m->in_size);
}

static void accept_all(int listener)
{
    int fd, on = 1;
    while (count < MOST && (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct member *m = calloc(1, sizeof *m);
        m->fd = fd;
        m->place = -1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(EPOLL_CTL_ADD, m, EPOLLIN);
    }
}

int main(int argc, char **argv)
{
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[argc - 1]))};
    inet_pton(AF_INET, "127.0.0.1", &here.sin_addr);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 4096) < 0) {
        perror("floor");
        return 1;
    }
    poll_fd = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct epoll_event events[TURN];
        int ready = epoll_wait(poll_fd, events, TURN, -1);
        for (int i = 0; i < ready; i++) {
            struct member *m = events[i].data.ptr;
            if (!m) {
                accept_all(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT)
                drain(m);
            if (events[i].events & ~(unsigned)EPOLLOUT)
                receive(m);
        }
    }
}
