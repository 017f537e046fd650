/// What a marker may ask for (PEP 508, and PEP 751 for `extras` and `dependency_groups`).
public enum MarkerVariable: String, Sendable, CaseIterable {
    case implementationName = "implementation_name"
    case implementationVersion = "implementation_version"
    case osName = "os_name"
    case platformMachine = "platform_machine"
    case platformRelease = "platform_release"
    case platformSystem = "platform_system"
    case platformVersion = "platform_version"
    case platformPythonImplementation = "platform_python_implementation"
    case pythonFullVersion = "python_full_version"
    case pythonVersion = "python_version"
    case sysPlatform = "sys_platform"
    case extra
    case extras
    case dependencyGroups = "dependency_groups"

    /// Takes the old spellings too: `os.name`, `python_implementation`, …
    init?(spelling: String) {
        switch spelling {
        case "os.name": self = .osName
        case "sys.platform": self = .sysPlatform
        case "platform.version": self = .platformVersion
        case "platform.machine": self = .platformMachine
        case "platform.python_implementation", "python_implementation": self = .platformPythonImplementation
        default:
            guard let variable = MarkerVariable(rawValue: spelling) else { return nil }
            self = variable
        }
    }

    /// Compared as versions where the other side is one; all others are compared as text.
    var isVersion: Bool {
        switch self {
        case .implementationVersion, .platformRelease, .pythonFullVersion, .pythonVersion: true
        default: false
        }
    }

    /// Holds several names and is asked only by `"name" in extras`.
    var isSet: Bool { self == .extras || self == .dependencyGroups }
    var holdsNames: Bool { self == .extra || isSet }
}
