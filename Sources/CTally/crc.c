#include "CTally.h"

// Folding replaces 512 bits by a congruent value further on, with one carry-less multiplication per 64 bits: four
// times as fast as tables for 128 bytes, 16 times for 64 KiB (24 GB/s). https://www.intel.com/content/dam/www/public/us/en/documents/white-papers/fast-crc-computation-generic-polynomials-pclmulqdq-paper.pdf

#if defined(__x86_64__)

#include <immintrin.h>

bool tally_crc_folds(void) {
    return __builtin_cpu_supports("pclmul");
}

__attribute__((target("pclmul"))) static __m128i fold(__m128i value, __m128i powers) {
    return _mm_xor_si128(_mm_clmulepi64_si128(value, powers, 0x00), _mm_clmulepi64_si128(value, powers, 0x11));
}

__attribute__((target("pclmul")))
void tally_crc_fold(
    const void *bytes, size_t count, uint64_t start, const tally_crc_powers *powers, void *result) {
    const __m128i *next = bytes;
    const __m128i far = _mm_set_epi64x((long long)powers->x511, (long long)powers->x575);
    const __m128i near = _mm_set_epi64x((long long)powers->x127, (long long)powers->x191);
    __m128i lanes[4];
    for (int lane = 0; lane < 4; lane++) lanes[lane] = _mm_loadu_si128(next++);
    lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi64_si128((long long)start));
    for (size_t left = count / 64 - 1; left > 0; left--) {
        for (int lane = 0; lane < 4; lane++) {
            lanes[lane] = _mm_xor_si128(fold(lanes[lane], far), _mm_loadu_si128(next++));
        }
    }
    __m128i value = lanes[0];
    for (int lane = 1; lane < 4; lane++) value = _mm_xor_si128(fold(value, near), lanes[lane]);
    _mm_storeu_si128(result, value);
}

#elif defined(__aarch64__)

#include <arm_neon.h>
#include <sys/auxv.h>

bool tally_crc_folds(void) {
    const unsigned long polynomialMultiplication = 1 << 4;
    return getauxval(AT_HWCAP) & polynomialMultiplication;
}

__attribute__((target("aes"))) static uint64x2_t fold(uint64x2_t value, uint64x2_t powers) {
    poly128_t low = vmull_p64(vgetq_lane_u64(value, 0), vgetq_lane_u64(powers, 0));
    poly128_t high = vmull_p64(vgetq_lane_u64(value, 1), vgetq_lane_u64(powers, 1));
    return veorq_u64(vreinterpretq_u64_p128(low), vreinterpretq_u64_p128(high));
}

__attribute__((target("aes")))
void tally_crc_fold(
    const void *bytes, size_t count, uint64_t start, const tally_crc_powers *powers, void *result) {
    const uint8_t *next = bytes;
    const uint64x2_t far = vcombine_u64(vcreate_u64(powers->x575), vcreate_u64(powers->x511));
    const uint64x2_t near = vcombine_u64(vcreate_u64(powers->x191), vcreate_u64(powers->x127));
    uint64x2_t lanes[4];
    for (int lane = 0; lane < 4; lane++, next += 16) lanes[lane] = vreinterpretq_u64_u8(vld1q_u8(next));
    lanes[0] = veorq_u64(lanes[0], vsetq_lane_u64(start, vdupq_n_u64(0), 0));
    for (size_t left = count / 64 - 1; left > 0; left--) {
        for (int lane = 0; lane < 4; lane++, next += 16) {
            lanes[lane] = veorq_u64(fold(lanes[lane], far), vreinterpretq_u64_u8(vld1q_u8(next)));
        }
    }
    uint64x2_t value = lanes[0];
    for (int lane = 1; lane < 4; lane++) value = veorq_u64(fold(value, near), lanes[lane]);
    vst1q_u8(result, vreinterpretq_u8_u64(value));
}

#else

bool tally_crc_folds(void) {
    return false;
}

void tally_crc_fold(
    const void *bytes, size_t count, uint64_t start, const tally_crc_powers *powers, void *result) {
}

#endif
