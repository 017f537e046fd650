import Bundle
import Failures
import Files
import Install
import TestSupport

/// A root, and bundles of several versions to land in it.
struct RootScene: Sendable {
    let landing = Landing()
    let path: String

    init(_ name: String = "payroll") { path = "\(landing.parent)/\(name)" }

    /// - Parameter demo: version of the one wheel; bundles of equal ones are the same environment.
    func bundle(
        _ version: String, demo: String? = nil, _ change: (inout BundleBuilder) -> Void = { _ in }
    ) throws -> BundleReader {
        try landing.bundle {
            $0.version = version
            $0.wheels = [WheelBuilder("demo", demo ?? version)]
            change(&$0)
        }
    }

    func request(_ change: (inout InstallRequest) -> Void = { _ in }) -> InstallRequest {
        var request = InstallRequest(root: path, now: "2026-11-21T12:00:00Z")
        request.python = HostPython.path
        request.synchronize = false
        request.by = ActingUser(uid: 7, user: "olga")
        request.environment = ["PATH": "/usr/bin:/bin"]
        change(&request)
        return request
    }

    @discardableResult
    func install(
        _ bundle: BundleReader, _ change: (inout InstallRequest) -> Void = { _ in }
    ) throws -> InstallOutcome {
        try InstallPlan.make(bundle, request(change)).apply()
    }

    @discardableResult
    func install(_ version: String) throws -> InstallOutcome { try install(bundle(version)) }

    func root() throws -> ReleaseRoot { try ReleaseRoot.open(path) }
    func current() throws -> String? { try root().current() }
    func names(_ path: String = "") throws -> [String] { try Directory.open("\(self.path)/\(path)").names() }

    static let stamp = ChangeStamp(
        now: "2026-11-22T08:00:00Z", by: ActingUser(uid: 7, user: "olga"), host: "host1",
        installer: "airlift 1")

    @discardableResult
    func activate(
        _ version: String, _ event: ActivationLog.Event = .activated,
        _ change: (inout ActivationRequest) -> Void = { _ in }
    ) throws -> ActivationOutcome {
        var request = ActivationRequest(event, environment: ["PATH": "/usr/bin:/bin"])
        request.synchronize = false
        change(&request)
        let root = try root()
        return try root.withLock(Self.stamp) { try root.activate(version, request, $0) }
    }

    /// Events of the log with their versions.
    func log() throws -> [String] {
        try root().log.entries().map { "\($0.event.rawValue) \($0.version ?? "-")" }
    }

    func text(_ path: String) throws -> String {
        String(decoding: try Directory.open(self.path).contents(of: RelativePath(path)), as: UTF8.self)
    }

    func put(_ path: String, _ text: String) throws {
        let root = try Directory.open(self.path)
        let path = try RelativePath(path)
        if let holder = path.parent { _ = try root.createDirectories(holder) }
        try root.replaceFile(path, with: Array(text.utf8), durable: false)
    }
}
