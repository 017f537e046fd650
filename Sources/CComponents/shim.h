#pragma once
/* What is linked into the static installer, as text that lies in the executable: `airlift` finds it there by its
   first line, on any platform and without running anything, and `airlift-installer --airlift-components` prints it.

   A line is a package URL without its version, a tab, the version, a tab, the licence (SPDX). Versions are those
   of the headers that the installer is compiled with, which belong to the libraries that it is linked with.
   A test compares the names with the linker's map, and what is written out here with where it is from. */
#include <archive.h>
#include <features.h>
#include <gmp.h>
#include <libdeflate.h>
#include <lzma.h>
#include <nettle/version.h>
#include <zlib.h>
#include <zstd.h>

#define AIRLIFT_QUOTE_(text) #text
#define AIRLIFT_QUOTE(text) AIRLIFT_QUOTE_(text)

/* No header tells it; `make build` does. */
#ifdef AIRLIFT_SWIFT_VERSION
#define AIRLIFT_SWIFT AIRLIFT_QUOTE(AIRLIFT_SWIFT_VERSION)
#else
#define AIRLIFT_SWIFT ""
#endif

#define AIRLIFT_GLIBC AIRLIFT_QUOTE(__GLIBC__) "." AIRLIFT_QUOTE(__GLIBC_MINOR__)
#define AIRLIFT_GMP \
    AIRLIFT_QUOTE(__GNU_MP_VERSION) "." AIRLIFT_QUOTE(__GNU_MP_VERSION_MINOR) "." \
    AIRLIFT_QUOTE(__GNU_MP_VERSION_PATCHLEVEL)
#define AIRLIFT_NETTLE AIRLIFT_QUOTE(NETTLE_VERSION_MAJOR) "." AIRLIFT_QUOTE(NETTLE_VERSION_MINOR)
#define AIRLIFT_LINE(url, version, license) url "\t" version "\t" license "\n"

static inline const char *airlift_components(void) {
    return "airlift-components 1\n"
        AIRLIFT_LINE("pkg:generic/airlift-installer", "0.1.0", "")
        /* bzlib.h has no macro for its version, which has been the last one since 2019. */
        AIRLIFT_LINE("pkg:generic/bzip2", "1.0.8", "bzip2-1.0.6")
        /* @gcc: as the compiler's own comment in the executable tells. */
        AIRLIFT_LINE("pkg:generic/gcc-runtime", "@gcc", "GPL-3.0-or-later WITH GCC-exception-3.1")
        AIRLIFT_LINE("pkg:generic/glibc", AIRLIFT_GLIBC, "LGPL-2.1-or-later")
        AIRLIFT_LINE("pkg:generic/gmp", AIRLIFT_GMP, "LGPL-3.0-or-later OR GPL-2.0-or-later")
        AIRLIFT_LINE("pkg:generic/libarchive", ARCHIVE_VERSION_ONLY_STRING, "BSD-2-Clause")
        AIRLIFT_LINE("pkg:generic/libdeflate", LIBDEFLATE_VERSION_STRING, "MIT")
        AIRLIFT_LINE("pkg:generic/nettle", AIRLIFT_NETTLE, "LGPL-3.0-or-later OR GPL-2.0-or-later")
        AIRLIFT_LINE("pkg:generic/swift", AIRLIFT_SWIFT, "Apache-2.0 WITH Swift-exception")
        AIRLIFT_LINE("pkg:generic/swift-corelibs-libdispatch", AIRLIFT_SWIFT, "Apache-2.0 WITH Swift-exception")
        AIRLIFT_LINE("pkg:generic/swift-foundation", AIRLIFT_SWIFT, "Apache-2.0 WITH Swift-exception")
        AIRLIFT_LINE("pkg:generic/xz", LZMA_VERSION_STRING, "LicenseRef-XZ-public-domain")
        AIRLIFT_LINE("pkg:generic/zlib", ZLIB_VERSION, "Zlib")
        AIRLIFT_LINE("pkg:generic/zstd", ZSTD_VERSION_STRING, "BSD-3-Clause OR GPL-2.0-only")
        AIRLIFT_LINE("pkg:swift/github.com/apple/swift-argument-parser", "1.8.2", "Apache-2.0 WITH Swift-exception")
        "airlift-components end\n";
}
