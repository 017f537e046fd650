import Archives
import Failures
import Fetch

/// Reads METADATA out of wheels on servers by byte ranges, many wheels in each round: the end of each first, then
/// whatever part the reader of archives asks for.
///
/// What comes this way is not covered by the wheel's hash, no more than the index page is; the wheel itself is
/// checked when it is fetched.
struct RemoteWheels {
    enum Found {
        case metadata([UInt8])
        /// The server knows no ranges, or the wheel is laid out so that they are no help.
        case needsWhole
        case failed(any Failure)
    }

    let fetcher: Fetcher

    private static let tail: UInt64 = 64 << 10
    private static let rounds = 6
    private static let largestPart: UInt64 = 32 << 20

    func metadata(of wheels: [WheelAddress]) -> [Found] {
        var found: [Found?] = Array(repeating: nil, count: wheels.count)
        var sources: [SparseBytes?] = Array(repeating: nil, count: wheels.count)
        var wanted: [(index: Int, range: GetRequest.ByteRange)] = wheels.indices.map {
            ($0, .last(Self.tail))
        }
        for _ in 0..<Self.rounds where !wanted.isEmpty {
            let answers = fetcher.get(
                wanted.map { index, range in
                    GetRequest(
                        wheels[index].url, range: range, limit: Self.largestPart,
                        label: wheels[index].filename)
                })
            var next: [(index: Int, range: GetRequest.ByteRange)] = []
            for ((index, _), answer) in zip(wanted, answers) {
                switch step(wheels[index], &sources[index], answer) {
                case .done(let result): found[index] = result
                case .further(let range): next.append((index, .bytes(range)))
                }
            }
            wanted = next
        }
        return found.map { $0 ?? .needsWhole }
    }

    private enum Step {
        case done(Found)
        case further(Range<UInt64>)
    }

    private func step(
        _ wheel: WheelAddress, _ source: inout SparseBytes?, _ answer: Result<Response, FetchError>
    ) -> Step {
        let response: Response
        switch answer {
        case .failure(let error): return .done(.failed(error))
        case .success(let value): response = value
        }
        guard let partial = response.partial else {
            if [200, 416, 501].contains(response.status) { return .done(.needsWhole) }
            return .done(
                .failed(
                    FetchError(wheel.url, label: wheel.filename, .status(response.status, attempts: 1))))
        }
        if let size = wheel.size, size != partial.size {
            return .done(
                .failed(
                    FetchError(
                        wheel.url, label: wheel.filename, .wrongSize(expected: size, actual: partial.size))))
        }
        var bytes = source ?? SparseBytes(name: wheel.filename, size: partial.size)
        guard bytes.size == partial.size else { return .done(.needsWhole) }
        bytes.add(response.body, at: partial.offset)
        source = bytes
        do {
            return .done(.metadata(try WheelMember.metadata(in: bytes)))
        } catch let missing as SparseBytes.MissingRange {
            let count = missing.range.upperBound - missing.range.lowerBound
            return count <= Self.largestPart ? .further(missing.range) : .done(.needsWhole)
        } catch let error as any Failure {
            return .done(.failed(error))
        } catch {
            return .done(.needsWhole)
        }
    }
}
