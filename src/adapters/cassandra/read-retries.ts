import { errors, policies } from "cassandra-driver";

type OperationInfo = policies.retry.OperationInfo;
type DecisionInfo = policies.retry.DecisionInfo;
type Consistency = Parameters<policies.retry.RetryPolicy["onRequestError"]>[1];

/**
 * The retries of reads: the driver's own, once on another host, at no other level. After a timeout nobody waits for the
 * answer any more, and asking again would only double the load of a database that is slow.
 */
export class ReadRetries extends policies.retry.RetryPolicy {
  override onRequestError(info: OperationInfo, consistency: Consistency, error: Error): DecisionInfo {
    if (info.nbRetry > 0 || error instanceof errors.OperationTimedOutError) return this.rethrowResult();
    return this.retryResult(consistency, false);
  }
}
