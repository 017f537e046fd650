/// Name and version of this program, as manifests and records name it.
public enum Generator {
    public static let version = "0.1.0"
    public static let current = "airlift \(version)"
}
