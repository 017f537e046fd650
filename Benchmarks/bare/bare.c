/* The bare limit of installing wheels: the least that anybody must do who checks them.
 *
 *   sha256sum *.whl | bare [-j THREADS] TARGET     unpack into TARGET, which must exist
 *   sha256sum *.whl | bare [-j THREADS] -n         only check the SHA-256 of each file
 *
 * Each archive's SHA-256 is checked against the list, each member's CRC-32 against the ZIP directory and its
 * SHA-256 against RECORD, and each file is written once, by openat, write, close. Largest archive first, one
 * archive a thread. It is a yardstick, not an installer: it judges no names, restores no times, rewrites no
 * scripts, and writes no record. It stops at the first thing that is wrong.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_ARCHIVES = 4096, MAX_PATH = 4096, DIGEST = 32 };

struct archive {
    char path[MAX_PATH];
    uint8_t sha256[DIGEST];
    off_t size;
};

/* A line of RECORD: where the name is, and the digest in unpadded base64url. */
struct line {
    const char *name, *digest;
    size_t length;
};

/* What one thread uses again for each archive. */
struct worker {
    struct libdeflate_decompressor *inflater;
    uint8_t *buffer;
    size_t capacity;
    char made[MAX_PATH]; /* the directory that was made last */
};

static struct archive archives[MAX_ARCHIVES];
static size_t count;
static atomic_size_t next;
static atomic_ullong files, bytes;
static int target = -1;

static void stop(const char *what, const char *subject) {
    fprintf(stderr, "bare: %s: %s%s%s\n", subject, what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static uint16_t u16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }
static uint32_t u32(const uint8_t *p) { return u16(p) | (uint32_t)u16(p + 2) << 16; }
static uint64_t u64(const uint8_t *p) { return u32(p) | (uint64_t)u32(p + 4) << 32; }

static void digest(const uint8_t *data, size_t size, uint8_t *out) {
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, size, data);
    sha256_digest(&context, DIGEST, out);
}

static void base64url(const uint8_t *in, char *out) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < DIGEST; i += 3) {
        uint32_t group = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | (i + 2 < DIGEST ? in[i + 2] : 0);
        for (int j = 18; j >= (i + 2 < DIGEST ? 0 : 6); j -= 6) *out++ = letters[group >> j & 63];
    }
}

static int byName(const void *a, const void *b) {
    const struct line *x = a, *y = b;
    int order = memcmp(x->name, y->name, x->length < y->length ? x->length : y->length);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

/* Lines of RECORD that carry a SHA-256. A quoted name may hold commas; doubled quotes are not undone. */
static size_t readRecord(const char *text, size_t size, struct line **lines) {
    size_t found = 0, room = 0;
    const char *end = text + size;
    *lines = NULL;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        if (!stop) stop = end;
        const char *hash = memmem(text, (size_t)(stop - text), ",sha256=", 8);
        if (hash && stop - hash >= 8 + 43) {
            if (found == room) *lines = realloc(*lines, (room = room ? room * 2 : 256) * sizeof **lines);
            int quoted = *text == '"';
            (*lines)[found++] = (struct line){text + quoted, hash + 8, (size_t)(hash - text) - 2 * (size_t)quoted};
        }
        text = stop + 1;
    }
    if (found) qsort(*lines, found, sizeof **lines, byName);
    return found;
}

/* Makes the directories above a file; in an archive, files of one directory come together. */
static void makeParents(struct worker *worker, char *path) {
    char *slash = strrchr(path, '/');
    if (!slash) return;
    *slash = 0;
    if (strcmp(path, worker->made) != 0) {
        if (mkdirat(target, path, 0755) != 0 && errno == ENOENT) {
            for (char *p = path; (p = strchr(p, '/')); *p++ = '/') {
                *p = 0;
                mkdirat(target, path, 0755);
            }
            mkdirat(target, path, 0755);
        }
        strcpy(worker->made, path);
    }
    *slash = '/';
}

static void writeFile(struct worker *worker, char *path, const uint8_t *data, size_t size, int executable) {
    makeParents(worker, path);
    int file = openat(target, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, executable ? 0755 : 0644);
    if (file < 0) stop("cannot create", path);
    for (ssize_t done; size > 0; data += done, size -= (size_t)done)
        if ((done = write(file, data, size)) < 0) stop("cannot write", path);
    if (close(file) != 0) stop("cannot close", path);
}

/* One entry of the central directory. */
struct member {
    const uint8_t *name, *data;
    size_t length, packed, size;
    uint32_t crc;
    int method, executable;
};

static const uint8_t *readEntry(const uint8_t *entry, const uint8_t *zip, struct member *member, const char *path) {
    if (u32(entry) != 0x02014b50) stop("has a damaged directory", path);
    uint64_t offset = u32(entry + 42);
    *member = (struct member){
        .name = entry + 46, .length = u16(entry + 28), .packed = u32(entry + 20), .size = u32(entry + 24),
        .crc = u32(entry + 16), .method = u16(entry + 10), .executable = (u32(entry + 38) >> 16 & 0111) != 0};
    const uint8_t *extra = entry + 46 + member->length, *end = extra + u16(entry + 30);
    for (; extra + 4 <= end; extra += 4 + u16(extra + 2)) {
        if (u16(extra) != 1) continue; /* ZIP64 */
        const uint8_t *field = extra + 4;
        if (member->size == UINT32_MAX) member->size = u64(field), field += 8;
        if (member->packed == UINT32_MAX) member->packed = u64(field), field += 8;
        if (offset == UINT32_MAX) offset = u64(field);
    }
    const uint8_t *local = zip + offset;
    member->data = local + 30 + u16(local + 26) + u16(local + 28);
    return end + u16(entry + 32);
}

static const uint8_t *contents(struct worker *worker, const struct member *member, const char *path) {
    const uint8_t *data = member->data;
    if (member->method != 0) {
        if (member->size > worker->capacity) {
            free(worker->buffer);
            worker->buffer = malloc(worker->capacity = member->size + member->size / 4);
            if (!worker->buffer) stop("too large for memory", path);
        }
        if (libdeflate_deflate_decompress(
                worker->inflater, data, member->packed, worker->buffer, member->size, NULL) != LIBDEFLATE_SUCCESS)
            stop("a member does not inflate", path);
        data = worker->buffer;
    }
    if (libdeflate_crc32(0, data, member->size) != member->crc) stop("a member's CRC-32 is wrong", path);
    return data;
}

static void unpack(struct worker *worker, const struct archive *archive, const uint8_t *zip) {
    const char *path = archive->path;
    const uint8_t *tail = zip + archive->size - 22;
    while (tail > zip && u32(tail) != 0x06054b50) tail--;
    size_t entries = u16(tail + 10);
    uint64_t start = u32(tail + 16);
    if ((entries == UINT16_MAX || start == UINT32_MAX) && u32(tail - 20) == 0x07064b50) {
        const uint8_t *wide = zip + u64(tail - 12);
        entries = u64(wide + 32);
        start = u64(wide + 48);
    }
    const uint8_t *entry = zip + start;
    struct member member, record = {0};
    for (size_t i = 0; i < entries; i++) {
        entry = readEntry(entry, zip, &member, path);
        if (member.length > 17 && memcmp(member.name + member.length - 17, ".dist-info/RECORD", 17) == 0)
            record = member;
    }
    if (!record.name) stop("has no RECORD", path);
    char *text = malloc(record.size + 1);
    memcpy(text, contents(worker, &record, path), record.size);
    struct line *lines;
    size_t listed = readRecord(text, record.size, &lines);

    unsigned long long written = 0, sum = 0;
    entry = zip + start;
    for (size_t i = 0; i < entries; i++) {
        entry = readEntry(entry, zip, &member, path);
        if (member.name[member.length - 1] == '/') continue;
        char name[MAX_PATH];
        if (member.length >= sizeof name) stop("has a name that is too long", path);
        memcpy(name, member.name, member.length);
        name[member.length] = 0;
        const uint8_t *data = contents(worker, &member, path);
        if (member.name != record.name) {
            struct line key = {name, NULL, member.length};
            struct line *line = bsearch(&key, lines, listed, sizeof key, byName);
            uint8_t sha256[DIGEST];
            char encoded[44];
            digest(data, member.size, sha256);
            base64url(sha256, encoded);
            /* RECORD.jws and RECORD.p7s are not listed. */
            if (line ? memcmp(line->digest, encoded, 43) != 0 : !strstr(name, ".dist-info/RECORD."))
                stop("is not what RECORD says", name);
        }
        writeFile(worker, name, data, member.size, member.executable);
        written++;
        sum += member.size;
    }
    files += written;
    bytes += sum;
    free(lines);
    free(text);
}

static void *work(void *unused) {
    struct worker worker = {.inflater = libdeflate_alloc_decompressor()};
    for (size_t i; (i = next++) < count;) {
        const struct archive *archive = &archives[i];
        int file = open(archive->path, O_RDONLY | O_CLOEXEC);
        if (file < 0) stop("cannot open", archive->path);
        uint8_t *zip = mmap(NULL, (size_t)archive->size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
        if (zip == MAP_FAILED) stop("cannot map", archive->path);
        uint8_t sha256[DIGEST];
        digest(zip, (size_t)archive->size, sha256);
        if (memcmp(sha256, archive->sha256, DIGEST) != 0) stop("has another SHA-256", archive->path);
        if (target >= 0) {
            if (archive->size < 22) stop("is no ZIP archive", archive->path);
            unpack(&worker, archive, zip);
        } else {
            files++;
            bytes += (unsigned long long)archive->size;
        }
        munmap(zip, (size_t)archive->size);
        close(file);
    }
    free(worker.buffer);
    libdeflate_free_decompressor(worker.inflater);
    return unused;
}

static int bySize(const void *a, const void *b) {
    const struct archive *x = a, *y = b;
    return (x->size < y->size) - (x->size > y->size);
}

int main(int argc, char **argv) {
    long threads = sysconf(_SC_NPROCESSORS_ONLN);
    int option, hashOnly = 0;
    while ((option = getopt(argc, argv, "j:n")) != -1) {
        if (option == 'j') threads = atol(optarg);
        else if (option == 'n') hashOnly = 1;
        else return 2;
    }
    if (argc - optind != !hashOnly || threads < 1 || threads > 256) {
        fputs("usage: sha256sum *.whl | bare [-j THREADS] (TARGET | -n)\n", stderr);
        return 2;
    }
    if (!hashOnly && (target = open(argv[optind], O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        stop("cannot open", argv[optind]);

    char text[MAX_PATH + 80];
    while (count < MAX_ARCHIVES && fgets(text, sizeof text, stdin)) {
        struct archive *archive = &archives[count];
        text[strcspn(text, "\n")] = 0;
        if (strlen(text) < 67) stop("is no line of sha256sum", text);
        for (int i = 0; i < DIGEST; i++)
            if (sscanf(text + 2 * i, "%2hhx", &archive->sha256[i]) != 1) stop("is no line of sha256sum", text);
        if (strlen(text + 66) >= sizeof archive->path) stop("is too long", text + 66);
        strcpy(archive->path, text + 66);
        struct stat status;
        if (stat(archive->path, &status) != 0) stop("cannot examine", archive->path);
        archive->size = status.st_size;
        count++;
    }
    qsort(archives, count, sizeof *archives, bySize);

    pthread_t pool[256];
    for (long i = 0; i < threads; i++)
        if (pthread_create(&pool[i], NULL, work, NULL) != 0) stop("cannot start", "a thread");
    for (long i = 0; i < threads; i++) pthread_join(pool[i], NULL);
    printf("%llu files, %llu bytes\n", (unsigned long long)files, (unsigned long long)bytes);
    return 0;
}
