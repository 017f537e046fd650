import Glibc

extension LoopbackServer {
    /// What the server sends, and how it misbehaves while sending.
    public struct Answer: Sendable {
        public enum Ending: Sendable {
            case whole
            /// Closes the connection after so many bytes of the body.
            case cut(after: Int)
            /// Sends so many bytes of the body and then nothing until the client gives up.
            case stall(after: Int)
        }

        public var status: Int
        public var headers: [(String, String)] = []
        public var body: [UInt8]
        /// What the header says, true or not.
        public var contentLength: Int
        public var ending: Ending = .whole

        public init(status: Int, body: [UInt8] = []) {
            self.status = status
            self.body = body
            contentLength = body.count
        }

        public static func ok(_ body: [UInt8], type: String = "application/octet-stream") -> Answer {
            Answer(status: 200, body: body).with("Content-Type", type)
        }

        public static func ok(_ text: String, type: String) -> Answer { ok(Array(text.utf8), type: type) }

        public static func status(_ status: Int) -> Answer {
            Answer(status: status, body: Array("status \(status)\n".utf8))
        }

        public static func redirect(to location: String) -> Answer {
            Answer(status: 302, body: Array("elsewhere".utf8)).with("Location", location)
        }

        public func with(_ name: String, _ value: String) -> Answer {
            var copy = self
            copy.headers.append((name, value))
            return copy
        }

        public func ending(_ ending: Ending) -> Answer {
            var copy = self
            copy.ending = ending
            return copy
        }

        public func claiming(_ contentLength: Int) -> Answer {
            var copy = self
            copy.contentLength = contentLength
            return copy
        }

        /// The part that the request asks for, as a server with ranges answers (RFC 9110 section 14).
        public func ranged(_ request: Request) -> Answer {
            guard let header = request.headers["range"], header.hasPrefix("bytes=") else { return self }
            let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map {
                Int($0)
            }
            guard bounds.count == 2 else { return self }
            let start = bounds[0] ?? max(0, body.count - (bounds[1] ?? 0))
            let end = bounds[0] == nil ? body.count - 1 : min(bounds[1] ?? .max, body.count - 1)
            guard start <= end else { return .status(416) }
            var copy = self
            copy.status = 206
            copy.body = Array(body[start...end])
            copy.contentLength = copy.body.count
            return copy.with("Content-Range", "bytes \(start)-\(end)/\(body.count)")
        }

        /// Whether the connection may serve another request.
        func send(to connection: Int32) -> Bool {
            var head = "HTTP/1.1 \(status) Any\r\nContent-Length: \(contentLength)\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            head += "\r\n"
            switch ending {
            case .whole:
                return write(Array(head.utf8) + body, to: connection) && contentLength == body.count
            case .cut(let count):
                _ = write(Array(head.utf8) + body.prefix(count), to: connection)
                return false
            case .stall(let count):
                guard write(Array(head.utf8) + body.prefix(count), to: connection) else { return false }
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return false
            }
        }

        private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
            var done = 0
            while done < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(
                        connection, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }
}
