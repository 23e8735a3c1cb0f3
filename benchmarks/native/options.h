/* What a run of the load generator is asked to do: `key=value` arguments. */
#ifndef OPTIONS_H
#define OPTIONS_H
#include <stdbool.h>
#include <stddef.h>

enum { MAX_STEPS = 8 };

/* A greeting is a script: send this, await that. Its end means the connection is ready. */
struct step {
    bool awaits;
    const char *text;
};

struct script {
    struct step steps[MAX_STEPS];
    int count;
};

struct options {
    const char *host;
    int port;
    int first;        /* number of the first nick: two generators may share a room */
    int members;      /* connections that receive */
    int speakers;     /* who speaks in turn: some of the members, or connections of their own */
    bool separate;    /* the speakers are connections of their own (publish and subscribe) */
    bool echoes;      /* the server sends a message back to the one who said it */
    int window;       /* closed loop: messages said and not yet received by every live member */
    double rate;      /* open loop: messages a second, said by the clock; 0 means closed loop */
    int bytes;        /* length of a text */
    double warm;      /* seconds of load before measuring */
    double seconds;   /* seconds measured */
    double quiet;     /* seconds without a byte that end the joining */
    double patience;  /* seconds without a delivery after which a closed loop gives up */
    double drain;     /* seconds granted for everything to arrive in the end */
    int outstanding;  /* connections that may wait for their greeting at a time */
    int latency_every;/* every how many-th member's latencies are kept */
    int stopped;      /* members that stop reading when measuring begins */
    double stopped_for; /* and for how many seconds */
    bool join_only;   /* join, say so, and stay until standard input ends */
    bool named;       /* a delivery names the one who said it */
    bool frames;      /* what the server sends is in WebSocket frames */
    int lines;        /* lines that make up one delivery */
    const char *say;  /* {nick} {id} {text} are filled in */
    const char *ack;  /* what marks a line as an acknowledgement, or empty */
    struct script member;
    struct script speaker;
};

struct options options_from(int argc, char **argv);

#endif
