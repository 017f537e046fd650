#pragma once
// System calls that are variadic, hidden behind feature macros, or missing from older C libraries.
// No _GNU_SOURCE: it changes types of <sys/select.h>, and Swift refuses two modules that disagree on them.
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int airlift_openat(int directory, const char *path, int flags, unsigned int mode) {
    return openat(directory, path, flags, (mode_t)mode);
}
// openat2(2): opens a path below `directory`, following no symbolic link and leaving it by no way. The number is the same
// on all machines; headers before Linux 5.6 do not have it. RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH.
static inline int airlift_openat2_beneath(int directory, const char *path, int flags, unsigned int mode) {
    struct { uint64_t flags, mode, resolve; } how = {(uint64_t)flags, mode, 0x02 | 0x04 | 0x08};
    return (int)syscall(437, directory, path, &how, sizeof how);
}
// A descriptor that stands for a place only (open(2)); hidden without _GNU_SOURCE.
static const int AIRLIFT_O_PATH = 010000000;
// flags: 1 = do not replace, 2 = exchange (see renameat2(2)).
static inline int airlift_renameat2(int from, const char *old, int to, const char *name, unsigned int flags) {
    return (int)syscall(SYS_renameat2, from, old, to, name, flags);
}
static inline int airlift_syncfs(int descriptor) {
    return (int)syscall(SYS_syncfs, descriptor);
}
// FICLONE: share the extents of `source`; the file systems that cannot answer EOPNOTSUPP or EXDEV.
static inline int airlift_ficlone(int destination, int source) {
    return ioctl(destination, 0x40049409, source);
}
// Copies within the kernel, sharing extents where the file system can; both files' positions move (copy_file_range(2)).
static inline ssize_t airlift_copy_file_range(int source, int destination, size_t count) {
    return (ssize_t)syscall(SYS_copy_file_range, source, (void *)0, destination, (void *)0, count, 0u);
}
// Names of extended attributes, each ending with a NUL (flistxattr(2)).
static inline ssize_t airlift_attribute_names(int descriptor, char *names, size_t size) {
    return (ssize_t)syscall(SYS_flistxattr, descriptor, names, size);
}
static inline int airlift_pipe(int *ends) {
    return (int)syscall(SYS_pipe2, ends, O_CLOEXEC);
}
// A file without a name that lies in memory (memfd_create(2)).
static inline int airlift_memory_file(void) {
    return (int)syscall(SYS_memfd_create, "", 1u);
}
// glibc 2.29; hidden by its header without _GNU_SOURCE.
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
static inline int airlift_spawn_in(posix_spawn_file_actions_t *actions, const char *directory) {
    return posix_spawn_file_actions_addchdir_np(actions, directory);
}
// Whether nothing can be written to the file system (statvfs(3), ST_RDONLY); -1 after an error.
static inline int airlift_is_readonly(int descriptor) {
    struct statvfs value;
    return fstatvfs(descriptor, &value) != 0 ? -1 : (value.f_flag & 1) != 0;
}
// Whether programs may not be run from the file system (statvfs(3), ST_NOEXEC); -1 after an error.
static inline int airlift_is_noexec(int descriptor) {
    struct statvfs value;
    return fstatvfs(descriptor, &value) != 0 ? -1 : (value.f_flag & 8) != 0;
}
