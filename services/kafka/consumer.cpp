#include "kafka/consumer.hpp"

#include <chrono>

#include "domain/failure.hpp"
#include "kafka/client.hpp"
#include "runtime/log.hpp"

namespace chaiqin::kafka {

using runtime::Message;
using runtime::PartitionOffsets;
using runtime::TopicPartition;

namespace {

PartitionList make_list(const PartitionOffsets& starts) {
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(starts.size())));
    for (const auto& [at, offset] : starts)
        rd_kafka_topic_partition_list_add(list.get(), at.topic.c_str(), at.partition)->offset =
            offset;
    return list;
}

std::vector<TopicPartition> partitions_of(const rd_kafka_topic_partition_list_t* list) {
    std::vector<TopicPartition> all;
    for (int i = 0; list && i < list->cnt; ++i)
        all.push_back({list->elems[i].topic, list->elems[i].partition});
    return all;
}

Message copy(const rd_kafka_message_t& from) {
    Message message;
    message.topic = rd_kafka_topic_name(from.rkt);
    message.partition = from.partition;
    message.offset = from.offset;
    message.key.assign(static_cast<const char*>(from.key), from.key_len);
    message.payload.assign(static_cast<const char*>(from.payload), from.len);
    message.timestamp_ms = rd_kafka_message_timestamp(&from, nullptr);
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&from, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) ==
                                RD_KAFKA_RESP_ERR_NO_ERROR;
             ++i)
            message.headers.emplace_back(name, std::string(static_cast<const char*>(value), size));
    }
    return message;
}

std::map<std::string, std::string> properties(const ConsumerSettings& settings) {
    return {{"group.id", settings.group},
            {"enable.auto.commit", "false"},
            {"enable.auto.offset.store", "false"},
            {"auto.offset.reset", "error"},
            {"partition.assignment.strategy", "range"},
            {"session.timeout.ms", "10000"},
            {"heartbeat.interval.ms", "1000"},
            {"max.poll.interval.ms", "300000"},
            {"fetch.min.bytes", std::to_string(settings.worth_fetching)},
            {"fetch.wait.max.ms", std::to_string(settings.wait.count())},
            {"fetch.message.max.bytes", "6291456"},
            {"fetch.max.bytes", "33554432"},
            {"receive.message.max.bytes", "67108864"},
            {"queued.max.messages.kbytes", "131072"},
            {"queued.min.messages", "1000000"},
            {"fetch.error.backoff.ms", "100"},
            {"reconnect.backoff.ms", "50"},
            {"reconnect.backoff.max.ms", "1000"},
            {"topic.metadata.refresh.interval.ms", "30000"},
            {"socket.nagle.disable", "true"}};
}

class KafkaConsumer final : public runtime::Consumer {
public:
    explicit KafkaConsumer(const ConsumerSettings& settings) {
        auto* conf = make_conf(settings.cluster, properties(settings));
        rd_kafka_conf_set_opaque(conf, this);
        rd_kafka_conf_set_rebalance_cb(
            conf,
            [](rd_kafka_t*, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t* list,
               void* opaque) { static_cast<KafkaConsumer*>(opaque)->rebalance(error, list); });
        client_ = make_client(RD_KAFKA_CONSUMER, conf);
        rd_kafka_poll_set_consumer(client_.get());
    }

    ~KafkaConsumer() override { close(); }

    void subscribe(const std::vector<std::string>& topics, Assigned assigned,
                   Revoked revoked) override {
        assigned_ = std::move(assigned);
        revoked_ = std::move(revoked);
        PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(topics.size())));
        for (const auto& topic : topics)
            rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
        if (const auto error = rd_kafka_subscribe(client_.get(), list.get()))
            throw domain::TransientFailure(rd_kafka_err2str(error));
    }

    std::optional<Message> poll(std::chrono::milliseconds wait) override {
        MessageHandle message(
            rd_kafka_consumer_poll(client_.get(), static_cast<int>(wait.count())));
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        if (!message) return std::nullopt;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return copy(*message);
        if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
            message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
            throw domain::PermanentFailure(
                "the offset stored in PostgreSQL is not in the topic any more (" +
                std::string(rd_kafka_message_errstr(message.get())) +
                "): Kafka or PostgreSQL was set back. Nothing is skipped; see the "
                "runbook, 'stored offset out of range'");
        runtime::log_debug("consumer", {{"reason", rd_kafka_message_errstr(message.get())}});
        return std::nullopt;
    }

    void seek(const TopicPartition& at, std::int64_t offset) override {
        auto list = make_list({{at, offset}});
        if (auto* error = rd_kafka_seek_partitions(client_.get(), list.get(), 5000)) {
            const std::string reason = rd_kafka_error_string(error);
            rd_kafka_error_destroy(error);
            throw domain::TransientFailure("seek: " + reason);
        }
        if (const auto error = list->elems[0].err)
            throw domain::TransientFailure(std::string("seek: ") + rd_kafka_err2str(error));
    }

    void pause() override {
        if (const auto list = assignment()) rd_kafka_pause_partitions(client_.get(), list.get());
    }
    void resume() override {
        if (const auto list = assignment()) rd_kafka_resume_partitions(client_.get(), list.get());
    }

    void commit_hints(const PartitionOffsets& next_offsets) override {
        const auto list = make_list(next_offsets);
        rd_kafka_commit(client_.get(), list.get(), 1);
    }

    std::int64_t known_end(const TopicPartition& at) override {
        std::int64_t low = -1, high = -1;
        if (rd_kafka_get_watermark_offsets(client_.get(), at.topic.c_str(), at.partition, &low,
                                           &high) != RD_KAFKA_RESP_ERR_NO_ERROR)
            return -1;
        return high;
    }

    void close() override {
        if (!client_) return;
        rd_kafka_consumer_close(client_.get());
        client_.reset();
    }

private:
    /// Null if it cannot be told.
    PartitionList assignment() {
        rd_kafka_topic_partition_list_t* list = nullptr;
        rd_kafka_assignment(client_.get(), &list);
        return PartitionList(list);
    }

    void rebalance(rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t* list) {
        try {
            if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
                auto starts = make_list(assigned_(partitions_of(list)));
                rd_kafka_assign(client_.get(), starts.get());
                return;
            }
            if (revoked_) revoked_(partitions_of(list));
        } catch (...) {
            failure_ = std::current_exception();  // poll throws it: not through C code
        }
        rd_kafka_assign(client_.get(), nullptr);
    }

    Client client_;
    Assigned assigned_;
    Revoked revoked_;
    std::exception_ptr failure_;
};

class KafkaRangeReader final : public RangeReader {
public:
    explicit KafkaRangeReader(const Cluster& cluster)
        : client_(make_client(RD_KAFKA_CONSUMER,
                              make_conf(cluster, properties({cluster, "chaiqin-reader"})))) {
        rd_kafka_poll_set_consumer(client_.get());
    }
    ~KafkaRangeReader() override { rd_kafka_consumer_close(client_.get()); }

    void read(const TopicPartition& at, std::int64_t from,
              const std::function<void(const Message&)>& each) override {
        std::int64_t low = 0, high = 0;
        if (const auto error = rd_kafka_query_watermark_offsets(client_.get(), at.topic.c_str(),
                                                                at.partition, &low, &high, 5000))
            throw domain::TransientFailure(std::string("end of ") + at.topic + ": " +
                                           rd_kafka_err2str(error));
        const auto first = std::max(from, low);
        if (first >= high) return;
        auto list = make_list({{at, first}});
        rd_kafka_assign(client_.get(), list.get());
        const Unassigned afterwards{client_.get()};
        read_to(at, first, high, each);
    }

private:
    struct Unassigned {
        rd_kafka_t* client;
        ~Unassigned() { rd_kafka_assign(client, nullptr); }
    };

    void read_to(const TopicPartition& at, std::int64_t next, std::int64_t end,
                 const std::function<void(const Message&)>& each) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
        while (next < end) {
            if (std::chrono::steady_clock::now() > deadline)
                throw domain::TransientFailure("reading " + at.topic + " took too long");
            MessageHandle message(rd_kafka_consumer_poll(client_.get(), 200));
            if (!message || message->err) continue;
            next = message->offset + 1;
            each(copy(*message));
        }
    }

    Client client_;
};

}  // namespace

std::unique_ptr<runtime::Consumer> make_consumer(const ConsumerSettings& settings) {
    return std::make_unique<KafkaConsumer>(settings);
}

std::unique_ptr<RangeReader> make_range_reader(const Cluster& cluster) {
    return std::make_unique<KafkaRangeReader>(cluster);
}

}  // namespace chaiqin::kafka
