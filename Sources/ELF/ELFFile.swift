/// What an executable or shared library asks of the system that runs it, and what it offers.
///
/// Read from the program headers and the dynamic section alone, as the loader does: section headers may be
/// stripped. Sources: the System V ABI (generic part), the Linux Standard Base on symbol versions, and the
/// x86-64 psABI on `GNU_PROPERTY_X86_ISA_1_NEEDED`.
public struct ELFFile: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case relocatable, executable, shared, core, other(UInt16) }

    /// The versions that this file needs of one library's symbols.
    public struct Requirement: Hashable, Sendable {
        public let library: String
        public let versions: [String]
    }

    /// 32 or 64.
    public internal(set) var bits = 64
    public internal(set) var machine = ELFMachine(rawValue: 0)
    public internal(set) var kind = Kind.shared
    /// PT_INTERP: the loader's path; nil for libraries and static executables.
    public internal(set) var interpreter: String?
    /// Whether there is a dynamic section.
    public internal(set) var isDynamic = false
    /// DT_NEEDED, in the file's order.
    public internal(set) var needed: [String] = []
    /// DT_SONAME.
    public internal(set) var soname: String?
    /// DT_RUNPATH, split at the colons.
    public internal(set) var runpath: [String] = []
    /// DT_RPATH, split at the colons; the loader ignores it where there is a RUNPATH.
    public internal(set) var rpath: [String] = []
    /// DT_VERNEED.
    public internal(set) var requirements: [Requirement] = []
    /// DT_VERDEF without the base definition, which is the library's name.
    public internal(set) var definedVersions: [String] = []
    /// The x86-64 level (1 to 4) that the file says it needs; nil where it says nothing.
    public internal(set) var x86Level: Int?

    init() {}

    /// The highest version needed of symbols such as `GLIBC` or `GLIBCXX`, over all libraries.
    public func highestRequirement(of prefix: String) -> SymbolVersion? {
        requirements.flatMap(\.versions).compactMap { SymbolVersion(symbol: $0, of: prefix) }.max()
    }

    /// The glibc that this file needs at least; nil where it needs no versioned symbol of it.
    public var neededGlibc: SymbolVersion? { highestRequirement(of: "GLIBC") }
    /// The version of libstdc++'s symbols that this file needs at least.
    public var neededLibstdcxx: SymbolVersion? { highestRequirement(of: "GLIBCXX") }

    /// The highest version that this library defines of symbols such as `GLIBC`.
    public func highestDefinition(of prefix: String) -> SymbolVersion? {
        definedVersions.compactMap { SymbolVersion(symbol: $0, of: prefix) }.max()
    }
}

/// e_machine.
public struct ELFMachine: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let i386 = ELFMachine(rawValue: 3)
    public static let ppc64 = ELFMachine(rawValue: 21)
    public static let s390x = ELFMachine(rawValue: 22)
    public static let arm = ELFMachine(rawValue: 40)
    public static let amd64 = ELFMachine(rawValue: 62)
    public static let aarch64 = ELFMachine(rawValue: 183)
    public static let riscv = ELFMachine(rawValue: 243)

    /// As `uname -m` says it, or the number.
    public var description: String {
        switch self {
        case .i386: "i686"
        case .ppc64: "ppc64le"
        case .s390x: "s390x"
        case .arm: "armv7l"
        case .amd64: "x86_64"
        case .aarch64: "aarch64"
        case .riscv: "riscv64"
        default: "machine \(rawValue)"
        }
    }
}
