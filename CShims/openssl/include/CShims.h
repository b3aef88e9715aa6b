#ifndef CSHIMS_H
#define CSHIMS_H

#include <openssl/ssl.h>

/// SSL_CTX_set_mode, a macro.
void CShims_SSL_CTX_set_mode(SSL_CTX *context, long mode);

#endif
