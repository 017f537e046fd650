// swift-tools-version: 6.2
import PackageDescription

/// `make fuzz`: every target counts what runs in it, for libFuzzer, and watches its memory. docs/fuzzing.md.
let isFuzzing = Context.environment["AIRLIFT_FUZZ"] != nil
let sanitizers = "-sanitize=fuzzer,address"

/// Every target of ours: warnings are errors.
let strict: [SwiftSetting] =
    [.treatAllWarnings(as: .error)] + (isFuzzing ? [.unsafeFlags([sanitizers])] : [])

/// A C library of the system: a header, a module map and typed shims, nothing compiled.
func cLibrary(_ name: String, apt package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", providers: [.apt([package])])
}

func module(
    _ name: String, _ dependencies: [Target.Dependency], linking libraries: [String] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, swiftSettings: strict,
        linkerSettings: libraries.map { .linkedLibrary($0) })
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name), "Failures", "TestSupport"] + dependencies,
        swiftSettings: strict)
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// `make build` names the toolchain, which no header does: it belongs to what the installer is linked with.
let toolchain: [SwiftSetting] =
    Context.environment["AIRLIFT_SWIFT_VERSION"].map {
        [.unsafeFlags(["-Xcc", "-DAIRLIFT_SWIFT_VERSION=\($0)"])]
    } ?? []

let package = Package(
    name: "airlift",
    products: [
        .executable(name: "airlift", targets: ["Airlift"]),
        .executable(name: "airlift-installer", targets: ["AirliftInstaller"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        cLibrary("CArchive", apt: "libarchive-dev"),
        cLibrary("CBzip2", apt: "libbz2-dev"),
        .systemLibrary(name: "CComponents", path: "Sources/CComponents"),
        cLibrary("CCurl", apt: "libcurl4-openssl-dev"),
        cLibrary("CDeflate", apt: "libdeflate-dev"),
        cLibrary("CNettle", apt: "nettle-dev"),
        cLibrary("CZlib", apt: "zlib1g-dev"),
        cLibrary("CZstd", apt: "libzstd-dev"),
        .systemLibrary(name: "CLinux", path: "Sources/CLinux"),
        .systemLibrary(name: "CScan", path: "Sources/CScan"),

        module("Failures", []),
        module("Digests", ["CNettle"], linking: ["nettle"]),
        module("Files", ["Failures", "Digests", "CLinux"]),
        module("Workers", ["CLinux"]),
        module(
            "Archives", ["Failures", "Files", "Digests", "CArchive", "CBzip2", "CDeflate", "CZlib", "CZstd"],
            linking: ["archive", "deflate", "zstd", "bz2", "z", "lzma", "nettle", "hogweed", "gmp", "acl"]),
        module("Fetch", ["Failures", "Files", "Digests", "Workers", "CCurl"], linking: ["curl"]),
        module("Conda", ["Failures", "Digests", "CScan"]),
        module("Wheels", ["Failures", "Digests"]),
        module(
            "Indexes", ["Failures", "Fetch", "Archives", "Conda", "Wheels", "Digests", "Files", "Workers"]),
        module("Lock", ["Failures", "Conda", "Wheels", "Digests", "Yams"]),
        module("Resolve", ["Failures", "Lock", "Conda", "Wheels", "Digests"]),
        module("ELF", ["Failures"]),
        module("Trust", ["Failures", "Digests", "CNettle"], linking: ["hogweed", "nettle", "gmp"]),
        module("Interpreters", ["Failures", "Archives", "Files", "Digests", "ELF"]),
        module("Bundle", ["Failures", "Archives", "Files", "Digests", "Workers"]),
        module(
            "Install",
            [
                "Failures", "Bundle", "Trust", "Archives", "Files", "Digests", "Conda", "Wheels", "ELF",
                "Workers", "CLinux",
            ]),
        module(
            "Audit",
            [
                "Failures", "Bundle", "Trust", "Lock", "Install", "Archives", "Files", "Conda", "Wheels",
                "ELF",
                "Digests", "Workers",
            ]),
        .target(
            name: "Console",
            dependencies: [
                "Failures", "Bundle", "Trust", "Files", "Digests", "Workers", argumentParser,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "Airlift",
            dependencies: [
                "Failures", "Digests", "Files", "Workers", "Archives", "Fetch", "Conda", "Wheels", "Indexes",
                "Lock",
                "Resolve", "ELF", "Interpreters", "Bundle", "Trust", "Install", "Audit", "Console",
                argumentParser,
            ], resources: [.embedInCode("Resources/stub.sh")], swiftSettings: strict),
        .executableTarget(
            name: "AirliftInstaller",
            dependencies: [
                "Failures", "Install", "Bundle", "Trust", "Files", "Digests", "Console", "Workers",
                "CComponents", argumentParser,
            ],
            swiftSettings: strict + toolchain,
            // One file for every distribution. With `--static-swift-stdlib`, which releases are built with.
            linkerSettings: [.unsafeFlags(["-static-executable"], .when(configuration: .release))]),

        // Measures only: in no product that is built for anyone, see Benchmarks/repodata.
        .executableTarget(
            name: "RepodataBenchmark", dependencies: ["Fetch", "Indexes"],
            path: "Benchmarks/repodata", exclude: ["scale.py", "compare.py", "peer.py"], swiftSettings: strict
        ),

        .target(
            name: "TestSupport",
            dependencies: [
                "Failures", "Files", "Digests", "Archives", "Bundle", "CBzip2", "CDeflate", "CZstd",
                "Workers",
            ],
            path: "Tests/TestSupport", swiftSettings: strict),
        tests("Digests", []),
        tests("Files", ["Workers"]),
        tests("Workers", []),
        tests("Archives", ["Files", "Digests"]),
        tests("Conda", ["Archives", "Digests", "Files"]),
        tests("Wheels", ["Digests"]),
        tests("Lock", ["Conda", "Wheels", "Digests", "Files"]),
        tests("Resolve", ["Lock", "Conda", "Wheels", "Digests", "Files"]),
        tests("Fetch", ["Files", "Digests", "Workers"]),
        tests("Indexes", ["Fetch", "Conda", "Wheels", "Files", "Digests", "Archives"]),
        tests("ELF", []),
        tests("Trust", ["CNettle", "Digests", "Files", "Workers"]),
        tests("Interpreters", ["Archives", "Files", "Digests", "ELF"]),
        tests("Console", ["Files", "Workers", "Digests", argumentParser]),
        tests("Bundle", ["Archives", "Files", "Digests", "Workers"]),
        tests(
            "Install",
            ["Bundle", "Trust", "Archives", "Files", "Digests", "Conda", "Wheels", "ELF", "Workers"]),
        tests(
            "Audit",
            [
                "Bundle", "Trust", "Lock", "Install", "Archives", "Files", "Conda", "Wheels", "ELF",
                "Digests",
                "Workers",
            ]),
        // Linux alone: how a test stands between a program and the kernel.
        .systemLibrary(name: "CSeccomp", path: "Tests/CSeccomp"),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "TestSupport", "Files", "Digests", "Failures", "Archives", "Bundle", "Trust", "Install",
                "Workers", "CLinux", "CSeccomp",
            ], swiftSettings: strict),
        .testTarget(
            name: "StructureTests", dependencies: ["TestSupport", "Files", "Digests", "Bundle"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

if isFuzzing {
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Failures", "Digests", "Files", "Archives", "Bundle", "Conda", "Wheels", "ELF", "Trust",
                "Install",
                "TestSupport",
            ], path: "Tests/Fuzz", exclude: ["run.sh"],
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags([sanitizers, "-use-ld=lld"])]))
}
