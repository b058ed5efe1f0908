#include "kafka/producer.hpp"

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "kafka/client.hpp"
#include "runtime/log.hpp"

namespace chaiqin::kafka {

using runtime::Delivered;
using runtime::Delivery;

namespace {

Delivery outcome_of(rd_kafka_resp_err_t error, rd_kafka_msg_status_t status) {
    switch (error) {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            return Delivery::delivered;
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
        case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
        case RD_KAFKA_RESP_ERR_INVALID_MSG:
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_INVALID_RECORD:
            return Delivery::refused_for_good;
        default:
            break;
    }
    return status == RD_KAFKA_MSG_STATUS_NOT_PERSISTED ? Delivery::not_queued : Delivery::unknown;
}

/// A message under way: its payload is read by librdkafka where it lies.
struct UnderWay {
    runtime::OutgoingMessage message;
    runtime::Producer::OnDelivery on_delivery;
};

void on_delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    const std::unique_ptr<UnderWay> under_way(static_cast<UnderWay*>(message->_private));
    Delivered delivered;
    delivered.outcome = outcome_of(message->err, rd_kafka_message_status(message));
    delivered.partition = message->partition;
    delivered.offset = message->offset;
    if (message->err) delivered.reason = rd_kafka_err2str(message->err);
    under_way->on_delivery(delivered);
}

rd_kafka_headers_t* headers_of(const runtime::OutgoingMessage& message) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(message.headers.size() + 1);
    const auto add = [&](std::string_view name, std::string_view value) {
        rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                            static_cast<ssize_t>(value.size()));
    };
    if (!message.event_id.empty()) add(runtime::event_id_header, message.event_id);
    for (const auto& [name, value] : message.headers)
        if (message.event_id.empty() || name != runtime::event_id_header) add(name, value);
    return headers;
}

class KafkaProducer final : public runtime::Producer {
public:
    explicit KafkaProducer(const ProducerSettings& settings)
        : settings_(settings), client_(make()) {
        poller_ = std::thread([this] { poll(); });
    }

    ~KafkaProducer() override {
        stop_ = true;
        poller_.join();
        rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(client_.get(), 1000);
    }

    void send(runtime::OutgoingMessage message, OnDelivery on_delivery) override {
        auto under_way =
            std::make_unique<UnderWay>(UnderWay{std::move(message), std::move(on_delivery)});
        const auto& m = under_way->message;
        rd_kafka_headers_t* headers = headers_of(m);
        rd_kafka_resp_err_t error;
        {
            std::shared_lock lock(mutex_);
            error = rd_kafka_producev(
                client_.get(), RD_KAFKA_V_TOPIC(m.topic.c_str()), RD_KAFKA_V_PARTITION(m.partition),
                RD_KAFKA_V_KEY(m.key.data(), m.key.size()),
                RD_KAFKA_V_VALUE(const_cast<char*>(m.payload.data()), m.payload.size()),
                RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(under_way.get()), RD_KAFKA_V_END);
        }
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
            under_way.release();  // on_delivered takes it
            return;
        }
        rd_kafka_headers_destroy(headers);
        under_way->on_delivery({outcome_of(error, RD_KAFKA_MSG_STATUS_NOT_PERSISTED), m.partition,
                                -1, rd_kafka_err2str(error)});
    }

    runtime::Flush flush(std::chrono::milliseconds wait) override {
        const auto deadline = std::chrono::steady_clock::now() + wait;
        for (;;) {
            {
                std::shared_lock lock(mutex_);
                if (rd_kafka_outq_len(client_.get()) == 0) return runtime::Flush::all_reported;
            }
            if (std::chrono::steady_clock::now() > deadline) return runtime::Flush::time_is_up;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }

    bool is_connected() override {
        std::shared_lock lock(mutex_);
        const rd_kafka_metadata_t* metadata = nullptr;
        if (rd_kafka_metadata(client_.get(), 0, nullptr, &metadata, 1000) !=
            RD_KAFKA_RESP_ERR_NO_ERROR)
            return false;
        rd_kafka_metadata_destroy(metadata);
        return true;
    }

private:
    Client make() const {
        auto* conf =
            make_conf(settings_.cluster,
                      {{"enable.idempotence", "true"},
                       {"acks", "all"},
                       {"linger.ms", std::to_string(settings_.linger.count())},
                       {"message.max.bytes", "6291456"},
                       {"message.timeout.ms", std::to_string(settings_.message_timeout.count())},
                       {"socket.timeout.ms", "10000"},
                       {"reconnect.backoff.ms", "50"},
                       {"reconnect.backoff.max.ms", "1000"},
                       {"queue.buffering.max.kbytes", std::to_string(settings_.buffer_bytes >> 10)},
                       {"socket.nagle.disable", "true"}});
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivered);
        return make_client(RD_KAFKA_PRODUCER, conf);
    }

    void poll() {
        // Leaders of all topics are asked for now: found out at the first message they would hold
        // it up for a second.
        const rd_kafka_metadata_t* metadata = nullptr;
        if (rd_kafka_metadata(client_.get(), 1, nullptr, &metadata, 1000) ==
            RD_KAFKA_RESP_ERR_NO_ERROR)
            rd_kafka_metadata_destroy(metadata);
        while (!stop_) {
            // poller_ alone replaces client_, so polling needs no lock.
            rd_kafka_poll(client_.get(), 50);
            char reason[256];
            const auto fatal = rd_kafka_fatal_error(client_.get(), reason, sizeof reason);
            if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR) rebuild(reason);
        }
    }

    void rebuild(const std::string& reason) {
        runtime::log_error("producer is broken for good; making a new one", {{"reason", reason}});
        Client broken;
        {
            std::unique_lock lock(mutex_);
            broken = std::move(client_);
            client_ = make();
        }
        rd_kafka_purge(broken.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(broken.get(), 1000);
    }

    ProducerSettings settings_;
    std::shared_mutex mutex_;
    Client client_;
    std::atomic<bool> stop_{false};
    std::thread poller_;
};

}  // namespace

std::unique_ptr<runtime::Producer> make_producer(const ProducerSettings& settings) {
    return std::make_unique<KafkaProducer>(settings);
}

}  // namespace chaiqin::kafka
