/// The libraries that every glibc system has and that must be its own: they fit its loader and its kernel.
enum HostLibraries {
    private static let names: Set<String> = [
        "libc.so.6", "libm.so.6", "libmvec.so.1", "libdl.so.2", "libpthread.so.0", "librt.so.1",
        "libutil.so.1",
        "libresolv.so.2", "libanl.so.1", "libthread_db.so.1", "libBrokenLocale.so.1", "libgcc_s.so.1",
        "libstdc++.so.6",
    ]

    static func contain(_ name: String) -> Bool {
        names.contains(name) || name.hasPrefix("ld-linux") || name.hasPrefix("ld64.so")
            || name.hasPrefix("libnss_") || name.hasPrefix("linux-vdso")
    }
}
