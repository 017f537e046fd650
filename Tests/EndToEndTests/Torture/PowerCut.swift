import CSeccomp
import Files
import Glibc
import Synchronization
import TestSupport
import Workers

/// A file system in a file, mounted where nobody else sees it.
struct DiskImage {
    enum Kind: String, CaseIterable, Sendable {
        case ext4, xfs, btrfs

        var isThere: Bool { Program.exists("mkfs.\(rawValue)") }

        /// The smallest that each of them takes, in MiB.
        fileprivate var megabytes: Int {
            switch self {
            case .ext4: 48
            case .xfs: 300
            case .btrfs: 128
            }
        }

        fileprivate var format: [String] {
            switch self {
            case .ext4: ["mkfs.ext4", "-q", "-F"]
            case .xfs: ["mkfs.xfs", "-q", "-f"]
            case .btrfs: ["mkfs.btrfs", "-q", "-f"]
            }
        }
    }

    let kind: Kind
    let path: String

    static func format(_ kind: Kind, _ path: String) throws -> DiskImage {
        try run(orThrow: ["truncate", "-s", "\(kind.megabytes)M", path])
        try run(orThrow: kind.format + [path])
        return DiskImage(kind: kind, path: path)
    }

    /// What the disk holds now: not what programs see, but what a power cut would leave.
    func copy(to path: String) throws -> DiskImage {
        try Self.run(orThrow: ["cp", "--sparse=always", self.path, path])
        return DiskImage(kind: kind, path: path)
    }

    func mount(at place: String) throws {
        // A copy has the identity of its original.
        let options = kind == .xfs ? "loop,nouuid" : "loop"
        try Self.run(orThrow: ["mount", "-t", kind.rawValue, "-o", options, path, place])
    }

    static func unmount(_ place: String) throws { try run(orThrow: ["umount", place]) }

    /// Nanoseconds of the last write to the disk.
    var written: Int64 {
        var value = stat()
        guard stat(path, &value) == 0 else { return -1 }
        return Int64(value.st_mtim.tv_sec) * 1_000_000_000 + Int64(value.st_mtim.tv_nsec)
    }

    private static func run(orThrow command: [String]) throws {
        let ran = try EndToEndTests.run(command)
        guard ran.code == 0 else { throw Unexpected("\(command): \(ran.words)") }
    }
}

/// Runs `body` on a thread that has mounts of its own: they go with the thread, however it ends.
func withOwnMounts<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
    let result = Mutex<Result<Value, any Error>?>(nil)
    let box = ResultBox(result)
    WorkerThread {
        let value = Result { () throws -> Value in
            guard airlift_unshare_mounts() == 0 else { throw Unexpected("unshare: errno \(errno)") }
            let ran = try run(["mount", "--make-rprivate", "/"])
            guard ran.code == 0 else { throw Unexpected(ran) }
            return try body()
        }
        box.value.withLock { $0 = value }
    }.join()
    guard let value = box.value.withLock({ $0 }) else { throw Unexpected("the thread left nothing") }
    return try value.get()
}

private final class ResultBox<Value: Sendable>: Sendable {
    let value: Mutex<Result<Value, any Error>?>
    init(_ value: consuming Mutex<Result<Value, any Error>?>) { self.value = value }
}

/// Cuts the power at each call of one run that changes something: what the disk holds at that moment is copied, and
/// all copies are looked at when the run is over.
struct PowerCut {
    let flow: TortureFlow
    let kind: DiskImage.Kind
    /// The file system writes its journal out before each cut: names reach the disk, and bytes that nobody asked to
    /// be written do not. Otherwise the disk has what it was given, which mostly is less.
    let committed: Bool

    struct Result: Sendable {
        /// Calls of the run.
        var points = 0
        /// States of the disk among them, one after the other, that differ.
        var states = 0
        var faults: [String] = []
    }

    private struct State {
        let image: DiskImage
        let moment: String
        /// The command had said that it was done.
        let isDone: Bool
    }

    /// - Parameter isTried: by the number of the call, which of them are looked at.
    func run(_ isTried: @escaping @Sendable (Int, String) -> Bool) throws -> Result {
        // In memory: the states of one run are some gigabytes of mostly holes.
        let scratch = TortureForm.scratch()
        return try withOwnMounts { try run(in: scratch, isTried) }
    }

    private func run(
        in scratch: TemporaryDirectory, _ isTried: (Int, String) -> Bool
    ) throws -> Result {
        let place = scratch.path + "/disk"
        _ = try Directory.create(place)
        let image = try DiskImage.format(kind, scratch.path + "/image")
        try image.mount(at: place)
        try Directory.open(place).replaceFile(RelativePath("other"), with: [0])
        let scene = try TortureScene(flow, at: place + "/landing", apart: scratch.path)
        try scene.reset()
        // Whatever was there before is on the disk.
        try DiskImage.unmount(place)
        try image.mount(at: place)

        var result = Result()
        var states: [State] = []
        var last: Int64 = -1
        func cut(_ moment: String, isDone: Bool) throws {
            if committed { try commit(place) }
            let written = image.written
            guard written != last || isDone else { return }
            last = written
            states.append(
                State(
                    image: try image.copy(to: "\(scratch.path)/state-\(states.count)"), moment: moment,
                    isDone: isDone))
        }
        let ran = try Supervisor.run(scene.command) { call in
            guard call.changesState, call.isBelow(scene.landing) else { return .proceed }
            result.points += 1
            guard isTried(result.points - 1, call.name) else { return .proceed }
            try cut("before call \(result.points), \(call.words)", isDone: false)
            return .proceed
        }
        guard ran.code == 0 else { throw Unexpected(ran) }
        try cut("after it was done", isDone: true)
        try DiskImage.unmount(place)
        result.states = states.count
        for state in states {
            result.faults += try faults(of: state, scene, place)
            unlink(state.image.path)
        }
        return result
    }

    /// Another file's fsync(2) has the file system write out all names.
    private func commit(_ place: String) throws {
        let file = try OpenFile.write(into: place + "/other")
        try file.write([UInt8.random(in: 0...255)], at: 0)
        try file.synchronize()
    }

    private func faults(of state: State, _ scene: TortureScene, _ place: String) throws -> [String] {
        try state.image.mount(at: place)
        defer { try? DiskImage.unmount(place) }
        var faults: [String] = []
        let between = scene.standing()
        if between != flow.new, state.isDone || (between != flow.old && !scene.isUnfinished) {
            faults.append("left \(between)")
        }
        faults += try scene.faultsOfTheNextRun()
        return faults.map { "\(kind.rawValue), power cut \(state.moment): \($0)" }
    }
}
