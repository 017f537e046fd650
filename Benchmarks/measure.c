/* measure FD COMMAND...: runs the command and writes "wall user system peak status" to the descriptor FD:
 * seconds, and KiB of the largest process among the command and its descendants.
 *
 * A process of its own because Linux counts for a child what its parent had in memory before exec(2): asked for
 * by a large driver, every small command would seem as large as the driver.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval value) { return (double)value.tv_sec + (double)value.tv_usec / 1e6; }

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    int report = atoi(argv[1]), status;
    struct timespec began, ended;
    struct rusage usage;
    clock_gettime(CLOCK_MONOTONIC, &began);
    pid_t child = vfork();
    if (child == 0) {
        close(report);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child) return 1;
    clock_gettime(CLOCK_MONOTONIC, &ended);
    double wall = (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return dprintf(report, "%.6f %.6f %.6f %ld %d\n", wall, seconds(usage.ru_utime), seconds(usage.ru_stime),
                   usage.ru_maxrss, code) < 0;
}
