using System.CommandLine;
using Understory.Terminal;
using Understory.Verbs;

var root = new RootCommand(
    """
    Understory: casework for organisations that help people who refuse to take part in a war.

    Files are sealed in the age format (c2sp.org/age), to post-quantum recipients unless you choose
    otherwise. What is sealed here opens with `age` 1.3 and later, and the other way round.

      understory keygen -o me.key                     make a key
      understory recipient -i me.key > me.recipient   what others seal to
      understory seal -R me.recipient -o a.age a.pdf  seal a file
      understory open -i me.key -o a.pdf a.age        open it
      understory check story.yaml                     does a story hold together

    Exit status: 0 done; 1 refused (no identity fits, tampered, truncated); 2 not understood.
    """)
{
    KeygenVerb.Create(),
    RecipientVerb.Create(),
    SealVerb.Create(),
    OpenVerb.Create(),
    InspectVerb.Create(),
    ReceiptVerb.Create(),
    IntakeVerb.Create(),
    DeskVerb.Create(),
    CheckpointVerb.Create(),
    WitnessVerb.Create(),
    ServeVerb.Create(),
    DoctorVerb.Create(),
    DataVerb.Create(),
    CheckVerb.Create(),
};

// Without response files: a file that somebody named `@x` must not be able to add options, and so recipients.
var parsed = root.Parse(args.Length > 0 ? args : ["--help"], new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Failure.Say(error.Message);
    Failure.Say($"Try `understory{(parsed.CommandResult.Command == root ? "" : $" {parsed.CommandResult.Command.Name}")} --help`.");
    return ExitStatus.NotUnderstood;
}

try
{
    var status = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return args.Length > 0 ? status : ExitStatus.NotUnderstood;
}
catch (Exception fault) when (Failure.Describe(fault) is { } failure)
{
    // One sentence and a status; a stack trace helps nobody here and may hold what it should not.
    Failure.Say(failure.Sentence);
    return failure.Status;
}
