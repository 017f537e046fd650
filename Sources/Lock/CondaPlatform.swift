/// The names that conda gives to platforms ("subdirs"); `noarch` is a subdir and no platform.
public enum CondaPlatform {
    public static let all = [
        "emscripten-wasm32", "freebsd-64", "linux-32", "linux-64", "linux-aarch64", "linux-armv6l",
        "linux-armv7l", "linux-ppc64", "linux-ppc64le", "linux-riscv32", "linux-riscv64", "linux-s390x",
        "osx-64", "osx-arm64", "wasi-wasm32", "win-32", "win-64", "win-arm64", "zos-z",
    ]
}
