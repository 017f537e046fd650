#pragma once
// Where bytes of interest stand in a block of 64: bit N is byte N. Swift's vectors have no way to turn a
// comparison's result into such a mask; on x86-64 this is one instruction for 16 bytes.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// In every glibc; hidden by its header without _GNU_SOURCE, which changes types that other modules have.
extern void *memmem(const void *haystack, size_t haystack_size, const void *needle, size_t needle_size);

typedef struct {
    uint64_t quotes;
    uint64_t backslashes;
    // '{' and '['
    uint64_t opening;
    // '}' and ']'
    uint64_t closing;
} airlift_json_block;

typedef unsigned char airlift_bytes16 __attribute__((ext_vector_type(16)));
typedef _Bool airlift_bits16 __attribute__((ext_vector_type(16)));

static inline uint64_t airlift_equal16(airlift_bytes16 bytes, unsigned char wanted) {
    airlift_bits16 bits = __builtin_convertvector(bytes == (airlift_bytes16)(wanted), airlift_bits16);
    return __builtin_bit_cast(uint16_t, bits);
}

// `bytes` need not be aligned; all 64 are read.
static inline airlift_json_block airlift_json_classify(const void *bytes) {
    airlift_json_block block = {0, 0, 0, 0};
    for (int part = 0; part < 4; part++) {
        airlift_bytes16 here;
        memcpy(&here, (const char *)bytes + 16 * part, 16);
        int shift = 16 * part;
        // The codes of '[' and '{', and of ']' and '}', differ in this bit alone.
        airlift_bytes16 folded = here | (airlift_bytes16)(0x20);
        block.quotes |= airlift_equal16(here, '"') << shift;
        block.backslashes |= airlift_equal16(here, '\\') << shift;
        block.opening |= airlift_equal16(folded, '{') << shift;
        block.closing |= airlift_equal16(folded, '}') << shift;
    }
    return block;
}
