/// What wheels are chosen for: a platform, an interpreter and a C library.
public struct TargetDescription: Hashable, Sendable {
    /// Conda's name of the platform, such as "linux-64".
    public let platform: String
    /// Full version of CPython, such as "3.11.2".
    public let python: String
    /// CPython's ABI tag, such as "cp311" or, free-threaded, "cp313t".
    public let abi: String
    /// The oldest C library that must do.
    public let glibc: GlibcVersion

    public init(platform: String, python: String, abi: String, glibc: GlibcVersion) {
        self.platform = platform
        self.python = python
        self.abi = abi
        self.glibc = glibc
    }
}
