extension TargetTags {
    /// The platform parts of tags that fit, the most wanted first.
    static func platforms(_ platform: TargetPlatform, _ baseline: Baseline) throws(WheelError) -> [String] {
        switch (platform.system, baseline) {
        case (.linux, .glibc(let major, let minor)): return manylinux(platform.machine, major, minor)
        case (.linux, .musl(let major, let minor)):
            return ["linux_\(platform.machine)"]
                + stride(from: minor, through: 0, by: -1).map {
                    "musllinux_\(major)_\($0)_\(platform.machine)"
                }
        case (.macOS, .macOS(let major, let minor)): return macOS(platform.machine, major, minor)
        case (.windows, .windows):
            return [platform.machine == "x86" ? "win32" : "win_\(asciiLowered(platform.machine))"]
        default:
            throw WheelError(.platform, platform.subdir, "its tags cannot be measured against \(baseline)")
        }
    }

    /// PEP 600, with the older names of the three profiles that had one (PEP 513, 571, 599).
    private static func manylinux(_ machine: String, _ major: Int, _ minor: Int) -> [String] {
        var platforms = ["linux_\(machine)"]
        // No profile was ever defined for these.
        if machine == "armv6l" || machine == "ppc" { return platforms }
        let oldest = machine == "x86_64" || machine == "i686" ? 5 : 17
        let legacy = [17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"]
        guard major == 2 else { return platforms }
        for version in stride(from: minor, through: oldest, by: -1) {
            platforms.append("manylinux_2_\(version)_\(machine)")
            if let name = legacy[version] { platforms.append("\(name)_\(machine)") }
        }
        return platforms
    }

    /// The year's releases of macOS count up the minor number before 11, and the major number from then on.
    private static func macOS(_ machine: String, _ major: Int, _ minor: Int) -> [String] {
        let intel = machine == "x86_64"
        let formats =
            intel
            ? ["x86_64", "intel", "fat64", "fat3", "universal2", "universal"] : ["arm64", "universal2"]
        var platforms: [String] = []
        func add(_ major: Int, _ minor: Int, _ formats: [String]) {
            platforms += formats.map { "macosx_\(major)_\(minor)_\($0)" }
        }
        for version in stride(from: major, through: 11, by: -1) { add(version, 0, formats) }
        if major >= 11 {
            for version in stride(from: 16, through: 4, by: -1) {
                add(10, version, intel ? formats : ["universal2"])
            }
        } else if major == 10, intel {
            for version in stride(from: minor, through: 4, by: -1) { add(10, version, formats) }
        }
        return platforms
    }
}
