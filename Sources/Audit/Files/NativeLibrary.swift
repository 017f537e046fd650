import ELF

/// What a native library or program asks of the system that loads it.
public struct NativeLibrary: Codable, Hashable, Sendable {
    /// Relative to the prefix.
    public var path: String
    /// As `uname -m` says it; empty where the file could not be read.
    public var machine: String
    /// DT_SONAME.
    public var soname: String?
    /// DT_NEEDED, in the file's order, which is the order of loading.
    public var needed: [String]
    /// The lowest version of the C library that has all versioned symbols; nil where it needs none.
    public var glibc: String?
    /// Where the loader looks first: DT_RUNPATH, or DT_RPATH where there is none.
    public var runpath: [String]
    /// Why nothing is known of a file that begins as an ELF file does.
    public var fault: String?

    public init(
        path: String, machine: String, soname: String? = nil, needed: [String] = [], glibc: String? = nil,
        runpath: [String] = [], fault: String? = nil
    ) {
        self.path = path
        self.machine = machine
        self.soname = soname
        self.needed = needed
        self.glibc = glibc
        self.runpath = runpath
        self.fault = fault
    }

    init(_ file: ELFFile, path: String) {
        self.init(
            path: path, machine: "\(file.machine)", soname: file.soname, needed: file.needed,
            glibc: file.neededGlibc.map { "\($0)" },
            runpath: file.runpath.isEmpty ? file.rpath : file.runpath)
    }
}
