#ifndef CSHIMS_H
#define CSHIMS_H

#include <openssl/ssl.h>
#include <openssl/x509.h>

/// SSL_OP_NO_RENEGOTIATION.
uint64_t CShims_SSL_OP_NO_RENEGOTIATION(void);

/// SSL_OP_CIPHER_SERVER_PREFERENCE.
uint64_t CShims_SSL_OP_CIPHER_SERVER_PREFERENCE(void);

/// SSL_OP_PRIORITIZE_CHACHA.
uint64_t CShims_SSL_OP_PRIORITIZE_CHACHA(void);

/// SSL_OP_IGNORE_UNEXPECTED_EOF.
uint64_t CShims_SSL_OP_IGNORE_UNEXPECTED_EOF(void);

/// SSL_CTX_set_mode.
long CShims_SSL_CTX_set_mode(SSL_CTX *context, long mode);

/// SSL_CTX_set_min_proto_version.
long CShims_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version);

/// SSL_CTX_set_max_proto_version.
long CShims_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version);

/// SSL_CTX_set_session_cache_mode.
long CShims_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode);

/// SSL_CTX_set_tlsext_ticket_keys.
long CShims_SSL_CTX_set_tlsext_ticket_keys(SSL_CTX *context, void *keys, long length);

/// SSL_CTX_set1_groups_list.
long CShims_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *list);

/// SSL_CTX_set1_sigalgs_list.
long CShims_SSL_CTX_set1_sigalgs_list(SSL_CTX *context, const char *list);

/// SSL_set_tlsext_host_name.
long CShims_SSL_set_tlsext_host_name(SSL *connection, const char *name);

/// X509_NAME_print_ex with XN_FLAG_RFC2253.
int CShims_X509_NAME_print_rfc2253(BIO *out, const X509_NAME *name);

/// OPENSSL_free.
void CShims_OPENSSL_free(void *memory);

#endif
