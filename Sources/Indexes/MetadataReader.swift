import Archives
import Digests
import Failures
import Fetch
import Files
import Workers

/// What reading METADATA needs to know of a wheel.
struct WheelAddress: Hashable {
    let filename: String
    let url: String
    let sha256: SHA256Digest?
    /// Bytes.
    let size: UInt64?
    /// Of the `.metadata` file that the index announces (PEP 658, PEP 714).
    let metadataSHA256: SHA256Digest?
}

/// Brings the METADATA of wheels, each from the nearest place that has it: the store's documents, the wheel in
/// the store or on this machine, `<wheel>.metadata` beside it, byte ranges of it, the whole wheel.
struct MetadataReader {
    let fetcher: Fetcher
    /// From near to far.
    private enum Step: CaseIterable { case kept, local, beside, ranges, whole }

    private var found: [[UInt8]?] = []
    private var failures: [(index: Int, failure: any Failure)] = []

    init(_ fetcher: Fetcher) { self.fetcher = fetcher }

    /// - Throws: all failures, in the order of the wheels.
    mutating func read(_ wheels: [WheelAddress]) throws -> [[UInt8]] {
        found = Array(repeating: nil, count: wheels.count)
        failures = []
        for step in Step.allCases {
            let open = wheels.indices.filter { index in
                found[index] == nil && !failures.contains { $0.index == index }
            }
            if open.isEmpty { break }
            try Interruption.check()
            switch step {
            case .kept: takeKept(wheels, open)
            case .local: takeLocal(wheels, open)
            case .beside: takeBeside(wheels, open)
            case .ranges: takeRanges(wheels, open)
            case .whole: takeWhole(wheels, open)
            }
        }
        try Interruption.check()
        if !failures.isEmpty {
            throw FailureList(failures.sorted { $0.index < $1.index }.map(\.failure))
        }
        return found.compactMap { $0 }
    }

    /// Runs `body`; what it throws becomes the wheel's failure.
    private mutating func attempt(_ index: Int, _ wheel: WheelAddress, _ body: (inout Self) throws -> Void) {
        do { try body(&self) } catch let error as any Failure {
            failures.append((index, error))
        } catch {
            failures.append((index, FetchError(wheel.url, label: wheel.filename, .library("\(error)"))))
        }
    }

    private mutating func settle(_ index: Int, _ wheel: WheelAddress, _ metadata: [UInt8]) {
        found[index] = metadata
        guard let digest = wheel.sha256 else { return }
        attempt(index, wheel) { try $0.fetcher.store.keep(metadata, as: .coreMetadata, of: digest) }
    }

    private mutating func takeKept(_ wheels: [WheelAddress], _ open: [Int]) {
        for index in open {
            guard let digest = wheels[index].sha256 else { continue }
            attempt(index, wheels[index]) {
                $0.found[index] = try $0.fetcher.store.document(.coreMetadata, of: digest)
            }
        }
    }

    private mutating func takeLocal(_ wheels: [WheelAddress], _ open: [Int]) {
        for index in open {
            let wheel = wheels[index]
            attempt(index, wheel) { reader in
                var path = try localPath(of: wheel.url)
                if let digest = wheel.sha256, try reader.fetcher.store.contains(digest, size: wheel.size) {
                    path = reader.fetcher.store.path(of: digest)
                }
                guard let path else { return }
                let metadata = try WheelMember.metadata(in: FileRegion(path: path, name: wheel.filename))
                reader.settle(index, wheel, metadata)
            }
        }
    }

    /// PEP 658. Some indexes have the file without announcing it, so it is tried in any case.
    private mutating func takeBeside(_ wheels: [WheelAddress], _ open: [Int]) {
        let answers = fetcher.get(
            open.map { index in
                GetRequest(
                    besideAddress(wheels[index].url), accept: "*/*", limit: 16 << 20,
                    label: "the metadata of \(wheels[index].filename)")
            })
        for (index, answer) in zip(open, answers) {
            let wheel = wheels[index]
            attempt(index, wheel) { reader in
                let response = try answer.get()
                guard response.isSuccess else { return }
                if let expected = wheel.metadataSHA256 {
                    let actual = SHA256.hash(response.body)
                    guard actual == expected else {
                        throw FetchError(
                            besideAddress(wheel.url), label: "the metadata of \(wheel.filename)",
                            .wrongHash(expected: expected, actual: actual))
                    }
                } else if !looksLikeMetadata(response.body) {
                    // Some servers answer anything with a page.
                    return
                }
                reader.settle(index, wheel, response.body)
            }
        }
    }

    private mutating func takeRanges(_ wheels: [WheelAddress], _ open: [Int]) {
        let results = RemoteWheels(fetcher: fetcher).metadata(of: open.map { wheels[$0] })
        for (index, result) in zip(open, results) {
            switch result {
            case .metadata(let metadata): settle(index, wheels[index], metadata)
            case .failed(let failure): failures.append((index, failure))
            case .needsWhole: break
            }
        }
    }

    private mutating func takeWhole(_ wheels: [WheelAddress], _ open: [Int]) {
        let requests = open.map { index in
            FetchRequest(
                url: wheels[index].url, sha256: wheels[index].sha256, size: wheels[index].size,
                label: wheels[index].filename)
        }
        do {
            for (index, result) in zip(open, try fetcher.fetch(requests)) {
                let wheel = wheels[index]
                attempt(index, wheel) { reader in
                    let metadata = try WheelMember.metadata(
                        in: FileRegion(path: result.path, name: wheel.filename))
                    reader.settle(index, wheel, metadata)
                }
            }
        } catch let error as FailureList {
            for failure in error.failures { failures.append((open[0], failure)) }
        } catch {
            // Interrupted, which `read` finds out by itself.
        }
    }
}

/// `<wheel>.metadata`, before the query where there is one.
func besideAddress(_ url: String) -> String {
    let path = url.prefix { $0 != "?" && $0 != "#" }
    let query = url.dropFirst(path.count).prefix { $0 != "#" }
    return path + ".metadata" + query
}

/// Whether the bytes begin as METADATA does, with the field that the specification puts first.
private func looksLikeMetadata(_ bytes: [UInt8]) -> Bool {
    let head = String(decoding: bytes.prefix(4 << 10), as: UTF8.self)
    return head.split(whereSeparator: \.isNewline).contains { $0.lowercased().hasPrefix("metadata-version:") }
}
