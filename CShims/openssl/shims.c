#include "CShims.h"

uint64_t CShims_SSL_OP_NO_RENEGOTIATION(void) { return SSL_OP_NO_RENEGOTIATION; }

uint64_t CShims_SSL_OP_CIPHER_SERVER_PREFERENCE(void) { return SSL_OP_CIPHER_SERVER_PREFERENCE; }

uint64_t CShims_SSL_OP_PRIORITIZE_CHACHA(void) { return SSL_OP_PRIORITIZE_CHACHA; }

uint64_t CShims_SSL_OP_IGNORE_UNEXPECTED_EOF(void) { return SSL_OP_IGNORE_UNEXPECTED_EOF; }

long CShims_SSL_CTX_set_mode(SSL_CTX *context, long mode) { return SSL_CTX_set_mode(context, mode); }

long CShims_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) { return SSL_CTX_set_min_proto_version(context, version); }

long CShims_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) { return SSL_CTX_set_max_proto_version(context, version); }

long CShims_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) { return SSL_CTX_set_session_cache_mode(context, mode); }

long CShims_SSL_CTX_set_tlsext_ticket_keys(SSL_CTX *context, void *keys, long length) { return SSL_CTX_set_tlsext_ticket_keys(context, keys, length); }

long CShims_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *list) { return SSL_CTX_set1_groups_list(context, list); }

long CShims_SSL_CTX_set1_sigalgs_list(SSL_CTX *context, const char *list) { return SSL_CTX_set1_sigalgs_list(context, list); }

long CShims_SSL_set_tlsext_host_name(SSL *connection, const char *name) { return SSL_set_tlsext_host_name(connection, name); }

int CShims_X509_NAME_print_rfc2253(BIO *out, const X509_NAME *name) { return X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253); }

void CShims_OPENSSL_free(void *memory) { OPENSSL_free(memory); }
