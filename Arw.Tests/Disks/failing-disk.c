/* Makes the disk under one folder fail on order: preloaded into a home by LD_PRELOAD.
   ARW_FAULT_FOLDER  files below this folder are concerned, others never
   ARW_FAULT_ORDER   a file that says what fails while it exists: one word, then part of the path of the files concerned (all when there is none):
                     fsync     fsync and fdatasync answer EIO
                     readonly  writes and opening for writing answer EROFS
                     full      writes answer ENOSPC */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static const char *folder, *orders;

__attribute__((constructor)) static void prepare(void) {
    folder = getenv("ARW_FAULT_FOLDER");
    orders = getenv("ARW_FAULT_ORDER");
}

static int ordered(const char *what, const char *path) {
    if (!folder || !orders || strncmp(path, folder, strlen(folder)) != 0) return 0;
    int before = errno;
    long file = syscall(SYS_openat, AT_FDCWD, orders, O_RDONLY | O_CLOEXEC);
    if (file < 0) { errno = before; return 0; }
    char text[256] = "", word[32] = "", part[200] = "";
    long length = syscall(SYS_read, file, text, sizeof text - 1);
    syscall(SYS_close, file);
    errno = before;
    if (length <= 0) return 0;
    sscanf(text, "%31s %199s", word, part);
    return strcmp(word, what) == 0 && (part[0] == 0 || strstr(path, part) != NULL);
}

static int ordered_file(const char *what, int file) {
    char link[64], path[4096];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    long length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length <= 0) return 0;
    path[length] = 0;
    return ordered(what, path);
}

static int writing_fails(int file) {
    if (ordered_file("readonly", file)) { errno = EROFS; return 1; }
    if (ordered_file("full", file)) { errno = ENOSPC; return 1; }
    return 0;
}

static int opening_fails(const char *path, int flags) {
    if ((flags & (O_WRONLY | O_RDWR | O_CREAT)) && ordered("readonly", path)) { errno = EROFS; return 1; }
    return 0;
}

int fsync(int file) {
    if (ordered_file("fsync", file)) { errno = EIO; return -1; }
    return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    if (ordered_file("fsync", file)) { errno = EIO; return -1; }
    return (int)syscall(SYS_fdatasync, file);
}

ssize_t write(int file, const void *bytes, size_t count) {
    return file > 2 && writing_fails(file) ? -1 : syscall(SYS_write, file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    return writing_fails(file) ? -1 : syscall(SYS_pwrite64, file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return pwrite64(file, bytes, count, offset); }

int ftruncate64(int file, off64_t length) {
    return writing_fails(file) ? -1 : (int)syscall(SYS_ftruncate, file, length);
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

static int open_file(const char *path, int flags, mode_t mode) {
    return opening_fails(path, flags) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_file(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_file(path, flags, mode);
}
