#ifndef CSYSTEMCALLS_H
#define CSYSTEMCALLS_H

#include <linux/capability.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/types.h>

/// accept4 with a nonblocking, close-on-exec result; the address is written to `address`.
int CSystemCalls_accept(int listener, void *address, socklen_t *length);

/// socket, close-on-exec, and nonblocking where asked for.
int CSystemCalls_socket(int family, int type, int nonblocking);

/// epoll_create1 with close-on-exec.
int CSystemCalls_epoll_create(void);

/// epoll_ctl with a token in place of the union.
int CSystemCalls_epoll_control(int queue, int operation, int descriptor, uint32_t events, uint64_t token);

/// The token of an event that epoll_wait wrote.
uint64_t CSystemCalls_epoll_token(const struct epoll_event *event);

/// eventfd, nonblocking and close-on-exec.
int CSystemCalls_eventfd(void);

/// ioctl(FIONREAD): bytes that a read would find; -1 with errno otherwise.
int CSystemCalls_pending(int descriptor);

/// fcntl(F_DUPFD_CLOEXEC) from descriptor 3 on.
int CSystemCalls_duplicate(int descriptor);

/// fcntl(F_SETFL) with O_NONBLOCK added.
int CSystemCalls_set_nonblocking(int descriptor);

/// fcntl(F_SETFD) with FD_CLOEXEC.
int CSystemCalls_set_close_on_exec(int descriptor);

/// open for reading, close-on-exec.
int CSystemCalls_open(const char *path);

/// getrlimit(RLIMIT_NOFILE).
int CSystemCalls_get_descriptor_limit(uint64_t *soft, uint64_t *hard);

/// setrlimit(RLIMIT_NOFILE).
int CSystemCalls_set_descriptor_limit(uint64_t soft, uint64_t hard);

/// prctl with two arguments, the rest zero.
int CSystemCalls_prctl(int option, unsigned long argument);

/// The capget system call.
int CSystemCalls_capget(struct __user_cap_header_struct *header, struct __user_cap_data_struct *data);

/// The capset system call.
int CSystemCalls_capset(struct __user_cap_header_struct *header, const struct __user_cap_data_struct *data);

/// initgroups, which glibc applies to every thread of the process.
int CSystemCalls_initgroups(const char *user, gid_t group);

/// setresgid with the same group three times, applied to every thread of the process.
int CSystemCalls_setgid(gid_t group);

/// setresuid with the same user three times, applied to every thread of the process.
int CSystemCalls_setuid(uid_t user);

/// malloc_trim with nothing kept at the top; nothing where the C library has none.
void CSystemCalls_trim_heap(void);

#endif
