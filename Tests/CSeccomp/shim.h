#pragma once
// Answering system calls in another process's stead (seccomp_unotify(2)), behind functions that Swift can call.
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

struct airlift_call {
    uint64_t id;
    int32_t thread;
    int32_t number;
    uint64_t arguments[6];
};

// From now on this thread, and every process that it starts, asks before each of these calls of x86-64.
// Gives the descriptor to answer on, or -1. Once a call was taken up, only a deadly signal interrupts it: no call
// is asked about twice.
static inline int airlift_seccomp_listen(const int32_t *numbers, unsigned short count) {
    struct sock_filter program[4 + 2 * 128];
    unsigned short length = 0;
    if (count > 128) {
        errno = E2BIG;
        return -1;
    }
    program[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    program[length++] =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, (unsigned char)(1 + 0));
    // Of another architecture: the next instruction is skipped, and what is loaded there fits no number below.
    program[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned short i = 0; i < count; i++) {
        program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)numbers[i], 0, 1);
        program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    }
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog whole = {.len = length, .filter = program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return (int)syscall(
        SYS_seccomp, SECCOMP_SET_MODE_FILTER,
        SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &whole);
}

// Takes up the next call; -1 with ENOENT where its process died meanwhile.
static inline int airlift_seccomp_receive(int listener, struct airlift_call *call) {
    struct seccomp_notif notice;
    memset(&notice, 0, sizeof notice);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notice) != 0) return -1;
    call->id = notice.id;
    call->thread = (int32_t)notice.pid;
    call->number = notice.data.nr;
    for (int i = 0; i < 6; i++) call->arguments[i] = notice.data.args[i];
    return 0;
}

// Lets the call happen.
static inline int airlift_seccomp_proceed(int listener, uint64_t id) {
    struct seccomp_notif_resp answer = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

// Gives the call a result without doing it: a value, or an error number.
static inline int airlift_seccomp_answer(int listener, uint64_t id, int64_t value, int error) {
    struct seccomp_notif_resp answer = {.id = id, .val = value, .error = -error};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

// Gives this thread a table of mounts of its own.
static inline int airlift_unshare_mounts(void) {
    return (int)syscall(SYS_unshare, 0x00020000);
}

// A copy of another process's descriptor, which shares its position (pidfd_getfd(2)).
static inline int airlift_take_descriptor(pid_t process, int descriptor) {
    int handle = (int)syscall(SYS_pidfd_open, process, 0u);
    if (handle < 0) return -1;
    int copy = (int)syscall(SYS_pidfd_getfd, handle, descriptor, 0u);
    int code = errno;
    close(handle);
    errno = code;
    return copy;
}
