/* A disk that is full while the file of REDRESS_TEST_FULL_DISK is there: loaded before libc, it lets no regular file grow. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_full_for(int fd, off64_t end) {
  const char *flag = getenv("REDRESS_TEST_FULL_DISK");
  struct stat64 found;
  if (flag == NULL || access(flag, F_OK) != 0) return 0;
  return fstat64(fd, &found) == 0 && S_ISREG(found.st_mode) && end > found.st_size;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  static ssize_t (*next)(int, const void *, size_t, off64_t);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "pwrite64");
  if (is_full_for(fd, offset + (off64_t)count)) {
    errno = ENOSPC;
    return -1;
  }
  return next(fd, bytes, count, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

ssize_t write(int fd, const void *bytes, size_t count) {
  static ssize_t (*next)(int, const void *, size_t);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "write");
  if (is_full_for(fd, lseek64(fd, 0, SEEK_CUR) + (off64_t)count)) {
    errno = ENOSPC;
    return -1;
  }
  return next(fd, bytes, count);
}
