import Glibc
import Synchronization
import Workers

/// An HTTP/1.1 server on 127.0.0.1 that misbehaves as a test asks it to. One thread a connection; it stops when
/// its last reference goes.
public final class LoopbackServer: Sendable {
    /// `http://127.0.0.1:PORT`
    public let url: String
    private let core: Core
    private let acceptor: WorkerThread

    /// - Parameter answer: called on a connection's own thread for each request.
    public init(_ answer: @escaping @Sendable (Request) -> Answer) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> UInt16 in
                guard bind(listener, generic, size) == 0, listen(listener, 128) == 0,
                    getsockname(listener, generic, &size) == 0
                else { preconditionFailure("no loopback socket: errno \(errno)") }
                return pointer.pointee.sin_port.bigEndian
            }
        }
        url = "http://127.0.0.1:\(port)"
        let core = Core(listener: listener, answer: answer)
        self.core = core
        acceptor = WorkerThread { core.acceptAll() }
    }

    deinit {
        core.stop()
        acceptor.join()
        core.joinConnections()
    }

    /// How often a path was asked for.
    public func count(_ path: String) -> Int { core.state.withLock { $0.counts[path] ?? 0 } }
    /// All requests so far, in the order of their arrival.
    public var requests: [Request] { core.state.withLock { $0.requests } }
    /// Connections accepted so far.
    public var connections: Int { core.state.withLock { $0.accepted } }
}

extension LoopbackServer {
    public struct Request: Sendable {
        public let method: String
        /// With its query.
        public let path: String
        /// By lower-case name.
        public let headers: [String: String]
        /// How many times the path was asked for, this time included.
        public let count: Int
    }

    final class Core: Sendable {
        struct State: Sendable {
            var counts: [String: Int] = [:]
            var requests: [Request] = []
            var open: Set<Int32> = []
            var threads: [WorkerThread] = []
            var accepted = 0
            var isStopped = false
        }

        let listener: Int32
        let answer: @Sendable (Request) -> Answer
        let state = Mutex(State())

        init(listener: Int32, answer: @escaping @Sendable (Request) -> Answer) {
            self.listener = listener
            self.answer = answer
        }

        deinit { _ = close(listener) }

        func acceptAll() {
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    return
                }
                // A program that a test starts meanwhile must not hold the connection open.
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                state.withLock { state in
                    state.accepted += 1
                    if state.isStopped {
                        _ = close(connection)
                    } else {
                        state.open.insert(connection)
                        state.threads.append(WorkerThread { self.serve(connection) })
                    }
                }
            }
        }

        /// Wakes every thread: whatever it waits for on a socket ends.
        func stop() {
            state.withLock { state in
                state.isStopped = true
                for connection in state.open { _ = shutdown(connection, Int32(SHUT_RDWR)) }
            }
            _ = shutdown(listener, Int32(SHUT_RDWR))
        }

        func joinConnections() {
            for thread in state.withLock({ $0.threads }) { thread.join() }
        }

        private func serve(_ connection: Int32) {
            var reader = RequestReader(connection)
            while let head = reader.next() {
                let request = state.withLock { state in
                    state.counts[head.path, default: 0] += 1
                    let request = Request(
                        method: head.method, path: head.path, headers: head.headers,
                        count: state.counts[head.path] ?? 0)
                    state.requests.append(request)
                    return request
                }
                if !answer(request).send(to: connection) { break }
            }
            state.withLock { state in
                state.open.remove(connection)
                _ = close(connection)
            }
        }
    }
}

/// Takes the heads of requests off a connection; bodies are not expected.
private struct RequestReader {
    let connection: Int32
    var buffer: [UInt8] = []

    init(_ connection: Int32) { self.connection = connection }

    mutating func next() -> (method: String, path: String, headers: [String: String])? {
        while true {
            if let end = endOfHead() {
                let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n")
                buffer.removeFirst(end + 4)
                return parse(lines)
            }
            guard buffer.count < 64 << 10 else { return nil }
            var piece = [UInt8](repeating: 0, count: 8 << 10)
            let count = recv(connection, &piece, piece.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            buffer += piece[..<count]
        }
    }

    private func endOfHead() -> Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...(buffer.count - 4)).first { buffer[$0..<($0 + 4)].elementsEqual("\r\n\r\n".utf8) }
    }

    private func parse(_ lines: [Substring]) -> (method: String, path: String, headers: [String: String])? {
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(
                line[line.index(after: colon)...].drop { $0 == " " })
        }
        return (String(words[0]), String(words[1]), headers)
    }
}
