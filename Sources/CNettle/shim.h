#pragma once
#include <nettle/bignum.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/ecdsa.h>
#include <nettle/eddsa.h>
#include <nettle/md5.h>
#include <nettle/rsa.h>
#include <nettle/sha2.h>

/// An unsigned number, most significant byte first.
typedef struct {
    const uint8_t *bytes;
    size_t count;
} airlift_number;

/// A curve of SEC 2 by the bits of its field: 256, 384 or 521; NULL for any other.
static inline const struct ecc_curve *airlift_curve(unsigned bits) {
    switch (bits) {
    case 256: return nettle_get_secp_256r1();
    case 384: return nettle_get_secp_384r1();
    case 521: return nettle_get_secp_521r1();
    default: return NULL;
    }
}

/// Makes a point that is cleared with nettle_ecc_point_clear whatever comes back: 0 where it is not on the curve.
static inline int airlift_ecc_point(
    struct ecc_point *point, const struct ecc_curve *curve, airlift_number x, airlift_number y) {
    mpz_t first, second;
    nettle_ecc_point_init(point, curve);
    nettle_mpz_init_set_str_256_u(first, x.count, x.bytes);
    nettle_mpz_init_set_str_256_u(second, y.count, y.bytes);
    int is_on_curve = nettle_ecc_point_set(point, first, second);
    mpz_clear(first);
    mpz_clear(second);
    return is_on_curve;
}

/// Whether the coordinates are a point of the curve, 1 or 0.
static inline int airlift_ecc_is_point(unsigned bits, airlift_number x, airlift_number y) {
    const struct ecc_curve *curve = airlift_curve(bits);
    if (!curve) return 0;
    struct ecc_point point;
    int is_on_curve = airlift_ecc_point(&point, curve, x, y);
    nettle_ecc_point_clear(&point);
    return is_on_curve;
}

/// ECDSA (FIPS 186-5, section 6.4.2) over a digest: 1 or 0.
static inline int airlift_ecdsa_verify(
    unsigned bits, airlift_number x, airlift_number y, airlift_number digest, airlift_number r,
    airlift_number s) {
    const struct ecc_curve *curve = airlift_curve(bits);
    if (!curve) return 0;
    struct ecc_point point;
    int holds = airlift_ecc_point(&point, curve, x, y);
    if (holds) {
        struct dsa_signature signature;
        nettle_dsa_signature_init(&signature);
        nettle_mpz_set_str_256_u(signature.r, r.count, r.bytes);
        nettle_mpz_set_str_256_u(signature.s, s.count, s.bytes);
        holds = nettle_ecdsa_verify(&point, digest.count, digest.bytes, &signature);
        nettle_dsa_signature_clear(&signature);
    }
    nettle_ecc_point_clear(&point);
    return holds;
}

/// RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2) over a digest of SHA-256 (32 bytes) or SHA-512 (64 bytes): 1 or 0.
static inline int airlift_rsa_verify(
    airlift_number modulus, airlift_number exponent, airlift_number digest, airlift_number signature) {
    struct rsa_public_key key;
    mpz_t number;
    nettle_rsa_public_key_init(&key);
    nettle_mpz_set_str_256_u(key.n, modulus.count, modulus.bytes);
    nettle_mpz_set_str_256_u(key.e, exponent.count, exponent.bytes);
    nettle_mpz_init_set_str_256_u(number, signature.count, signature.bytes);
    int holds = nettle_rsa_public_key_prepare(&key);
    if (holds && digest.count == SHA256_DIGEST_SIZE) {
        holds = nettle_rsa_sha256_verify_digest(&key, digest.bytes, number);
    } else if (holds && digest.count == SHA512_DIGEST_SIZE) {
        holds = nettle_rsa_sha512_verify_digest(&key, digest.bytes, number);
    } else {
        holds = 0;
    }
    mpz_clear(number);
    nettle_rsa_public_key_clear(&key);
    return holds;
}
