using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>
/// The one thread that reads and writes the store. What waits is taken together, shuffled, and put on the disk in one
/// transaction; only then is anyone told. So many are as cheap as one, and the order among them is not written anywhere.
/// </summary>
internal sealed class StoreThread : IDisposable
{
    private const int MostTogether = 256;
    private const int SecondsWhenBusy = 10;

    // A store is rewritten in memory (temp_store): one that is larger is left as it is.
    private const long MostRewritten = 64 * 1024 * 1024;

    private readonly BlockingCollection<Work> _waiting;
    private readonly Statements _statements;
    private readonly Thread _thread;
    private bool _rewrite = true;

    /// <param name="statements">Belongs to this thread from now on.</param>
    /// <param name="mostWaiting">What comes when so much waits is refused.</param>
    public StoreThread(Statements statements, int mostWaiting)
    {
        _statements = statements;
        _waiting = new BlockingCollection<Work>(mostWaiting);
        _thread = new Thread(Loop) { IsBackground = true, Name = "store" };
        _thread.Start();
    }

    /// <summary>Does something in a transaction, by itself or with others. It may be run twice, the first time rolled back.</summary>
    /// <returns>What it gave, when it is safe on the disk.</returns>
    /// <exception cref="RefusedException">Too much waits.</exception>
    /// <exception cref="SqliteException">The disk is full or broken; nothing was changed.</exception>
    public Task<T> DoAsync<T>(Func<Statements, T> work)
    {
        var item = new Work<T>(work);
        return _waiting.TryAdd(item) ? item.Result : throw new RefusedException(IntakeErrorCode.Busy, SecondsWhenBusy);
    }

    /// <summary>
    /// Has the file written anew when this transaction is done, every table in the order of its random keys: where on the
    /// disk something lies tells then nothing of when it came. To be called by work.
    /// </summary>
    public void Rewrite() => _rewrite = true;

    /// <summary>Finishes what waits, and closes the file.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
        _statements.Dispose();
    }

    private void Loop()
    {
        var together = new List<Work>(MostTogether);
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            together.Add(first);
            while (together.Count < MostTogether && _waiting.TryTake(out var next)) together.Add(next);
            RandomNumberGenerator.Shuffle(CollectionsMarshal.AsSpan(together));
            if (Commit(together) is not null)
            {
                // One of them cannot be done: each by itself, and the others do not suffer for it.
                foreach (var alone in together)
                {
                    if (Commit([alone]) is { } fault) alone.Fail(fault);
                    else alone.Finish();
                }
            }
            else
            {
                foreach (var done in together) done.Finish();
            }
            together.Clear();
            if (_rewrite) RewriteNow();
        }
    }

    private void RewriteNow()
    {
        _rewrite = false;
        if (_statements.Number("PRAGMA page_count") * _statements.Number("PRAGMA page_size") > MostRewritten) return;
        try
        {
            _statements.Set("VACUUM");
        }
        catch (SqliteException)
        {
            // No room on the disk for its journal: the file is as it was, and tomorrow is another day.
        }
    }

    private Exception? Commit(List<Work> together)
    {
        try
        {
            _statements.Set("BEGIN IMMEDIATE");
            foreach (var work in together) work.Run(_statements);
            _statements.Set("COMMIT");
            return null;
        }
        catch (Exception fault)
        {
            try
            {
                _statements.Set("ROLLBACK");
            }
            catch (SqliteException)
            {
                // SQLite rolls back by itself when the disk is full.
            }
            return fault;
        }
    }

    private abstract class Work
    {
        public abstract void Run(Statements statements);

        public abstract void Finish();

        public abstract void Fail(Exception fault);
    }

    private sealed class Work<T>(Func<Statements, T> work) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Result => _done.Task;

        public override void Run(Statements statements) => _result = work(statements);

        public override void Finish() => _done.SetResult(_result!);

        public override void Fail(Exception fault) => _done.SetException(fault);
    }
}
