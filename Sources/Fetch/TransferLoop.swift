import CCurl
import Workers

/// Drives transfers with one loop on the calling thread. The connections stay open for the next run.
///
/// Transfers wait in queues of our own, one a server, and not inside libcurl, whose clock for connecting runs
/// while a transfer waits for a free connection.
final class TransferLoop {
    private let multi: CurlMulti
    private let options: FetchOptions

    init(_ options: FetchOptions) throws(FetchError) {
        multi = try CurlMulti(connectionsPerHost: options.connectionsPerHost)
        self.options = options
    }

    private struct Host {
        var queue: [TransferJob] = []
        var next = 0
        var active = 0
        var multiplexes = false
        var wasReached = false
    }

    private var hosts: [String: Host] = [:]
    private var order: [String] = []
    private var active: [UnsafeMutableRawPointer: TransferJob] = [:]
    private var paused: [(due: ContinuousClock.Instant, job: TransferJob)] = []
    private var unfinished = 0

    /// Runs all to their ends; every job has its outcome afterwards.
    /// - Parameter tick: called now and then, some twenty times a second at most.
    func run(_ jobs: [TransferJob], tick: () -> Void) {
        unfinished = jobs.count
        for job in jobs { enqueue(job) }
        var lastTick = ContinuousClock.now
        CurlLibrary.withoutBrokenPipeSignal {
            while unfinished > 0 {
                let before = unfinished
                let pausedBefore = paused.count
                if let signal = Interruption.signal {
                    failAll(.interrupted(signal: signal))
                    break
                }
                resume()
                fill()
                var running: Int32 = 0
                let code = curl_multi_perform(multi.handle, &running)
                guard code == CURLM_OK else {
                    failAll(.library(String(cString: curl_multi_strerror(code))))
                    break
                }
                collect()
                let now = ContinuousClock.now
                if now - lastTick >= .milliseconds(50) {
                    lastTick = now
                    tick()
                }
                // What has just ended made room for others.
                if unfinished == before, paused.count == pausedBefore { wait(from: now) }
            }
        }
        hosts.removeAll()
        order.removeAll()
        tick()
    }

    private func enqueue(_ job: TransferJob) {
        let name = job.source.host
        if hosts[name] == nil { order.append(name) }
        hosts[name, default: Host()].queue.append(job)
    }

    private func resume() {
        let now = ContinuousClock.now
        for index in paused.indices.reversed() where paused[index].due <= now {
            enqueue(paused.remove(at: index).job)
        }
    }

    private func fill() {
        for name in order {
            guard var host = hosts[name] else { continue }
            let room = host.multiplexes ? options.transfers : options.connectionsPerHost
            while active.count < max(1, options.transfers), host.active < max(1, room),
                host.next < host.queue.count
            {
                let job = host.queue[host.next]
                host.next += 1
                guard let handle = job.start(options) else {
                    job.fail(.library("it has no memory for a transfer"))
                    unfinished -= 1
                    continue
                }
                curl_multi_add_handle(multi.handle, handle)
                active[handle] = job
                host.active += 1
            }
            hosts[name] = host
        }
    }

    private func collect() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let job = active.removeValue(forKey: handle)
            else { continue }
            let code = message.pointee.data.result
            curl_multi_remove_handle(multi.handle, handle)
            conclude(job, code)
        }
    }

    private func conclude(_ job: TransferJob, _ code: CURLcode) {
        let name = job.source.host
        hosts[name]?.active -= 1
        if job.multiplexes { hosts[name]?.multiplexes = true }
        switch job.conclude(code, options.retry) {
        case .again(let seconds):
            paused.append((.now + .seconds(seconds), job))
        case .finished:
            unfinished -= 1
            if job.foundNobody, hosts[name]?.wasReached == false {
                failQueue(of: name, like: job)
            } else if !job.foundNobody {
                hosts[name]?.wasReached = true
            }
        }
    }

    /// Nobody answers there: what still waits for that server would only wait longer.
    private func failQueue(of name: String, like other: TransferJob) {
        guard case .failed(let error) = other.outcome, let host = hosts[name] else { return }
        var waiting = host.queue[host.next...]
        hosts[name]?.next = host.queue.count
        waiting += paused.filter { $0.job.source.host == name }.map(\.job)
        paused.removeAll { $0.job.source.host == name }
        for job in waiting { job.fail(error.reason) }
        unfinished -= waiting.count
    }

    private func failAll(_ reason: FetchError.Reason) {
        for (handle, job) in active {
            curl_multi_remove_handle(multi.handle, handle)
            job.fail(reason)
        }
        for job in paused.map(\.job) + hosts.values.flatMap({ $0.queue[$0.next...] }) {
            job.fail(reason)
        }
        active.removeAll()
        paused.removeAll()
        unfinished = 0
    }

    private func wait(from now: ContinuousClock.Instant) {
        var milliseconds: Int32 = 200
        if let due = paused.map(\.due).min() {
            let left = (due - now).components
            let exact = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000 + 1
            milliseconds = Int32(max(0, min(Int64(milliseconds), exact)))
        }
        curl_multi_poll(multi.handle, nil, 0, milliseconds, nil)
    }
}
