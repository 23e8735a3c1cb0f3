#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct options defaults(void)
{
    return (struct options){
        .host = "127.0.0.1", .members = 1, .speakers = 1, .window = 1, .bytes = 64,
        .warm = 0.5, .seconds = 3, .quiet = 0.3, .patience = 5, .drain = 20,
        .outstanding = 256, .latency_every = 1, .named = true, .lines = 1, .say = "{text}\n", .ack = "",
    };
}

static void add_step(struct script *script, bool awaits, const char *text)
{
    if (script->count == MAX_STEPS) {
        fprintf(stderr, "load: a greeting has at most %d steps\n", MAX_STEPS);
        exit(2);
    }
    script->steps[script->count++] = (struct step){awaits, text};
}

struct int_key { const char *name; size_t offset; };
#define INT(name) {#name, offsetof(struct options, name)}
static const struct int_key ints[] = {
    INT(port), INT(first), INT(members), INT(speakers), INT(window), INT(bytes), INT(outstanding),
    INT(latency_every), INT(stopped), INT(lines),
};
static const struct int_key doubles[] = {
    INT(rate), INT(warm), INT(seconds), INT(quiet), INT(patience), INT(drain), INT(stopped_for),
};
static const struct int_key flags[] = {INT(separate), INT(echoes), INT(join_only), INT(named),
                                      INT(frames)};
static const struct int_key strings[] = {INT(host), INT(say), INT(ack)};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void *field(struct options *options, const struct int_key *keys, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i].name, key) == 0)
            return (char *)options + keys[i].offset;
    return NULL;
}

static void set(struct options *options, const char *key, const char *value)
{
    void *at;
    if ((at = field(options, ints, COUNT(ints), key)))
        *(int *)at = atoi(value);
    else if ((at = field(options, doubles, COUNT(doubles), key)))
        *(double *)at = atof(value);
    else if ((at = field(options, flags, COUNT(flags), key)))
        *(bool *)at = atoi(value) != 0;
    else if ((at = field(options, strings, COUNT(strings), key)))
        *(const char **)at = value;
    else if (strcmp(key, "member.send") == 0 || strcmp(key, "member.await") == 0)
        add_step(&options->member, key[7] == 'a', value);
    else if (strcmp(key, "speaker.send") == 0 || strcmp(key, "speaker.await") == 0)
        add_step(&options->speaker, key[8] == 'a', value);
    else {
        fprintf(stderr, "load: no such option: %s\n", key);
        exit(2);
    }
}

struct options options_from(int argc, char **argv)
{
    struct options options = defaults();
    for (int i = 1; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (!equals) {
            fprintf(stderr, "load: key=value expected: %s\n", argv[i]);
            exit(2);
        }
        *equals = '\0';
        set(&options, argv[i], equals + 1);
    }
    if (options.speakers < 1 || (!options.separate && options.speakers >= options.members)) {
        /* Somebody has to listen only: what they hear is the order all the others are held to. */
        if (!options.join_only) {
            fprintf(stderr, "load: at least one speaker, and fewer speakers than members\n");
            exit(2);
        }
    }
    return options;
}
