import Wheels

extension ManifestDiff.FactChange {
    /// What the change asks of hosts, in words; nil for a fact that asks nothing of them.
    public var requirement: Sentence? {
        switch fact {
        case .glibc:
            if from == "none" { return "the C library must be glibc \(to) or later; before, any would do" }
            if to == "none" { return "any C library will do; before, it had to be glibc \(from) or later" }
            return
                "glibc \(own: direction) from \(from) to \(to)\(own: isHigher == true ? ": hosts with an older C library refuse it" : "")"
        case .targetGlibc: return "the glibc that it was resolved for \(own: direction) from \(from) to \(to)"
        case .platform: return "the platform changes from \(from) to \(to)"
        case .longestPrefix:
            return
                "the longest possible prefix \(own: direction) from \(from) to \(to) bytes\(own: isHigher == false ? ": longer ones are refused" : "")"
        case .pythonVersion: return "Python \(own: direction) from \(from) to \(to)"
        case .pythonSource: return "Python comes from \(to) instead of \(from)"
        default: return nil
        }
    }

    /// nil where the two have no order.
    private var isHigher: Bool? {
        guard let a = try? PythonVersion(from), let b = try? PythonVersion(to), a != b else { return nil }
        return a < b
    }

    private var direction: String {
        switch isHigher {
        case true?: "rises"
        case false?: "falls"
        case nil: "changes"
        }
    }
}
