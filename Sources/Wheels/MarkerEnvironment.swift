/// The values that environment markers are judged by (PEP 508), for a target that may be another machine.
public struct MarkerEnvironment: Hashable, Sendable {
    public var implementationName: String
    public var implementationVersion: String
    public var osName: String
    public var platformMachine: String
    public var platformRelease: String
    public var platformSystem: String
    public var platformVersion: String
    public var platformPythonImplementation: String
    public var pythonFullVersion: String
    public var pythonVersion: String
    public var sysPlatform: String

    /// What CPython of that version says on that platform. `platform_release` and `platform_version` are
    /// empty: the kernel of a target is not known while a bundle is cut.
    /// - Parameter version: as `sys.version_info` has it; a missing patch level counts as 0.
    public static func cpython(_ version: PythonVersion, platform: TargetPlatform) -> MarkerEnvironment {
        var full = "\(version.major).\(version.minor).\(version.micro)"
        if let pre = version.pre { full += "\(pre.phase.letters)\(pre.number)" }
        let (os, system, sys): (String, String, String)
        switch platform.system {
        case .linux: (os, system, sys) = ("posix", "Linux", "linux")
        case .macOS: (os, system, sys) = ("posix", "Darwin", "darwin")
        case .windows: (os, system, sys) = ("nt", "Windows", "win32")
        }
        return MarkerEnvironment(
            implementationName: "cpython", implementationVersion: full, osName: os,
            platformMachine: platform.machine, platformRelease: "", platformSystem: system,
            platformVersion: "", platformPythonImplementation: "CPython", pythonFullVersion: full,
            pythonVersion: "\(version.major).\(version.minor)", sysPlatform: sys)
    }

    public init(
        implementationName: String, implementationVersion: String, osName: String, platformMachine: String,
        platformRelease: String, platformSystem: String, platformVersion: String,
        platformPythonImplementation: String, pythonFullVersion: String, pythonVersion: String,
        sysPlatform: String
    ) {
        self.implementationName = implementationName
        self.implementationVersion = implementationVersion
        self.osName = osName
        self.platformMachine = platformMachine
        self.platformRelease = platformRelease
        self.platformSystem = platformSystem
        self.platformVersion = platformVersion
        self.platformPythonImplementation = platformPythonImplementation
        self.pythonFullVersion = pythonFullVersion
        self.pythonVersion = pythonVersion
        self.sysPlatform = sysPlatform
    }

    /// nil for the variables that the environment alone does not decide: extras and dependency groups.
    public subscript(variable: MarkerVariable) -> String? {
        switch variable {
        case .implementationName: implementationName
        case .implementationVersion: implementationVersion
        case .osName: osName
        case .platformMachine: platformMachine
        case .platformRelease: platformRelease
        case .platformSystem: platformSystem
        case .platformVersion: platformVersion
        case .platformPythonImplementation: platformPythonImplementation
        // An interpreter built from a checkout says "3.13.0+", which is no version.
        case .pythonFullVersion:
            pythonFullVersion.hasSuffix("+") ? pythonFullVersion + "local" : pythonFullVersion
        case .pythonVersion: pythonVersion
        case .sysPlatform: sysPlatform
        case .extra, .extras, .dependencyGroups: nil
        }
    }
}
