#define _GNU_SOURCE

#include "CSystemCalls.h"

#include <malloc.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int CSystemCalls_accept(int listener, void *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int CSystemCalls_socket(int family, int type, int nonblocking) {
    return socket(family, type | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
}

int CSystemCalls_epoll_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

int CSystemCalls_epoll_control(int queue, int operation, int descriptor, uint32_t events, uint64_t token) {
    return epoll_ctl(queue, operation, descriptor, &(struct epoll_event){.events = events, .data = {.u64 = token}});
}

uint64_t CSystemCalls_epoll_token(const struct epoll_event *event) {
    return event->data.u64;
}

int CSystemCalls_eventfd(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

int CSystemCalls_pending(int descriptor) {
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) < 0 ? -1 : count;
}

int CSystemCalls_duplicate(int descriptor) {
    return fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
}

int CSystemCalls_set_nonblocking(int descriptor) {
    return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

int CSystemCalls_set_close_on_exec(int descriptor) {
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

int CSystemCalls_open(const char *path) {
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

int CSystemCalls_get_descriptor_limit(uint64_t *soft, uint64_t *hard) {
    struct rlimit limit = {0, 0};
    int result = getrlimit(RLIMIT_NOFILE, &limit);
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return result;
}

int CSystemCalls_set_descriptor_limit(uint64_t soft, uint64_t hard) {
    return setrlimit(RLIMIT_NOFILE, &(struct rlimit){.rlim_cur = soft, .rlim_max = hard});
}

int CSystemCalls_prctl(int option, unsigned long argument) {
    return prctl(option, argument, 0UL, 0UL, 0UL);
}

int CSystemCalls_capget(struct __user_cap_header_struct *header, struct __user_cap_data_struct *data) {
    return (int)syscall(SYS_capget, header, data);
}

int CSystemCalls_capset(struct __user_cap_header_struct *header, const struct __user_cap_data_struct *data) {
    return (int)syscall(SYS_capset, header, data);
}

int CSystemCalls_initgroups(const char *user, gid_t group) {
    return initgroups(user, group);
}

int CSystemCalls_setgid(gid_t group) {
    return setresgid(group, group, group);
}

int CSystemCalls_setuid(uid_t user) {
    return setresuid(user, user, user);
}

void CSystemCalls_trim_heap(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
