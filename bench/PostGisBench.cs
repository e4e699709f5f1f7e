using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Understory.Verification;

namespace Understory.Bench;

/// <summary>
/// "Was this point held by Russia on this day": the same questions, asked of the series of polygons and of PostGIS on the same
/// machine in the same run, and the answers compared.
/// </summary>
/// <remarks>
/// PostGIS is asked as who knows it well would: polygons cut into pieces of at most 64 points, a GiST index over day and piece
/// together as well as one over pieces and a B-tree over days, analysed and vacuumed, all in memory; once in one query for all
/// questions with as many workers as processors, and once a prepared statement for each question, since a check asks one place
/// after another. Here it is one thread.
/// </remarks>
internal static class PostGisBench
{
    private const int Places = 2000;
    private const int DaysOfPlace = 50;
    private const int Singles = 5000;

    public static void Run()
    {
        Console.WriteLine();
        Console.WriteLine($"A place on a day, against PostGIS ({Places * DaysOfPlace:N0} questions)");
        if (ThrowAwayPostgres.Missing() is { } why)
        {
            Console.WriteLine($"  {why}: nothing is compared.");
            return;
        }
        using var cluster = ThrowAwayPostgres.Start();
        using var connection = new NpgsqlConnection(cluster.Connection);
        connection.Open();
        Do(connection, "CREATE EXTENSION postgis; CREATE EXTENSION btree_gist; CREATE TABLE maps (day int, geom geometry(Polygon, 4326)); CREATE TABLE pieces (day int, geom geometry(Geometry, 4326)); CREATE TABLE questions (id int, day int, at geometry(Point, 4326))");
        if (VerificationData.Folder() is { } folder) Compare(connection, "DeepState", VerificationData.DeepState(folder));
        else Console.WriteLine("  shared/data is not beside this checkout (UNDERSTORY_SHARED says where `shared` is): not asked of DeepState.");
        Compare(connection, "Four years", VerificationData.MadeUp(seed: 4));
    }

    private static void Compare(NpgsqlConnection connection, string name, DataInput[] files)
    {
        var content = VerificationData.Import("deepstate", files).Content;
        var days = PolygonSeries.Read(content).ToDays();
        var store = VerificationBench.Time(() => Store(connection, days));
        using (var size = new NpgsqlCommand("SELECT pg_total_relation_size('pieces') / 1e6, (SELECT count(*) FROM maps WHERE NOT ST_IsValid(geom)), (SELECT count(*) FROM pieces)", connection))
        using (var row = size.ExecuteReader())
        {
            row.Read();
            VerificationBench.Print($"{name}: PostGIS, store and index", "", store, string.Create(CultureInfo.InvariantCulture, $"{row.GetDecimal(0):0.0} MB, {row.GetInt64(2):N0} pieces, {row.GetInt64(1)} polygons to mend"));
        }

        var questions = Questions(days);
        // A source remembers what it was asked, so it is a new one each time.
        var unasked = new Queue<PolygonSource>(Enumerable.Range(0, 6).Select(_ => new PolygonSource("deepstate", "", PolygonSeries.Read(content), Outline.Ukraine)));
        var source = unasked.Peek();
        bool[] ours = [];
        var first = VerificationBench.Median(() => ours = Ask(unasked.Dequeue(), questions)) / questions.Length;
        var again = VerificationBench.Median(() => Ask(source, questions)) / questions.Length;

        Insert(connection, questions);
        bool[] theirs = [];
        var batch = VerificationBench.Median(() => theirs = Batch(connection, questions.Length)) / questions.Length;
        var single = VerificationBench.Median(() => One(connection, questions[..Singles])) / Singles;
        VerificationBench.PrintRate($"{name}: here, places never asked before", 1 / first, first * 1e3, "one thread");
        VerificationBench.PrintRate($"{name}: here, places asked before", 1 / again, again * 1e3, "one thread");
        VerificationBench.PrintRate($"{name}: PostGIS, all in one query", 1 / batch, batch * 1e3, Ratio(batch, first, again));
        VerificationBench.PrintRate($"{name}: PostGIS, question by question", 1 / single, single * 1e3, Ratio(single, first, again));
        Differences(source.Series, questions, ours, theirs);
    }

    private static string Ratio(double theirs, double first, double again) => string.Create(CultureInfo.InvariantCulture, $"takes {theirs / first:N0} times as long as here a first time, {theirs / again:N0} times as long as again");

    /// <summary>Places anywhere around, each on many days: a story's place is asked of all the days of its window.</summary>
    private static Question[] Questions(IReadOnlyList<PolygonDay> days)
    {
        var random = new Random(11);
        var questions = new List<Question>(Places * DaysOfPlace);
        var points = days.SelectMany(day => day.Polygons.SelectMany(polygon => polygon.Rings[0])).ToArray();
        var (west, east, south, north) = (points.Min(point => point.X), points.Max(point => point.X), points.Min(point => point.Y), points.Max(point => point.Y));
        for (var place = 0; place < Places; place++)
        {
            // Half of them anywhere, half within some 5 km of an edge, where it is hard.
            var near = points[random.Next(points.Length)];
            var point = place % 2 == 0
                ? new GridPoint(random.Next(west, east), random.Next(south, north))
                : new GridPoint(near.X + random.Next(-60_000, 60_000), near.Y + random.Next(-45_000, 45_000));
            var at = point.ToLocation();
            var candidate = new Candidate($"point:{place}", "", [], at);
            for (var i = 0; i < DaysOfPlace; i++) questions.Add(new Question(candidate, at, days[random.Next(days.Count)].Day));
        }
        var shuffled = questions.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static bool[] Ask(PolygonSource source, Question[] questions) =>
        Array.ConvertAll(questions, question => source.Of(question.Place).At(question.Day) == ControlStatus.RU);

    private static void Store(NpgsqlConnection connection, IReadOnlyList<PolygonDay> days)
    {
        Do(connection, "TRUNCATE maps, pieces, questions; DROP INDEX IF EXISTS pieces_both, pieces_geom, pieces_day");
        using (var copy = connection.BeginTextImport("COPY maps FROM STDIN"))
        {
            foreach (var day in days)
            {
                foreach (var polygon in day.Polygons) copy.Write(string.Create(CultureInfo.InvariantCulture, $"{day.Day}\tSRID=4326;POLYGON({string.Join(',', polygon.Rings.Select(Ring))})\n"));
            }
        }
        Do(connection, """
            INSERT INTO pieces SELECT day, ST_Subdivide(CASE WHEN ST_IsValid(geom) THEN geom ELSE ST_CollectionExtract(ST_MakeValid(geom), 3) END, 64) FROM maps;
            CREATE INDEX pieces_both ON pieces USING gist (day, geom);
            CREATE INDEX pieces_geom ON pieces USING gist (geom);
            CREATE INDEX pieces_day ON pieces (day)
            """);
        Do(connection, "VACUUM ANALYZE pieces");
    }

    private static string Ring(GridPoint[] ring) =>
        $"({string.Join(',', ring.Append(ring[0]).Select(point => string.Create(CultureInfo.InvariantCulture, $"{(decimal)point.X / GridPoint.PerDegree} {(decimal)point.Y / GridPoint.PerDegree}")))})";

    private static void Insert(NpgsqlConnection connection, Question[] questions)
    {
        using (var copy = connection.BeginTextImport("COPY questions FROM STDIN"))
        {
            for (var i = 0; i < questions.Length; i++)
            {
                var (_, at, day) = questions[i];
                copy.Write(string.Create(CultureInfo.InvariantCulture, $"{i}\t{day}\tSRID=4326;POINT({at.Longitude:0.000000} {at.Latitude:0.000000})\n"));
            }
        }
        Do(connection, "VACUUM ANALYZE questions");
    }

    private static bool[] Batch(NpgsqlConnection connection, int count)
    {
        var answers = new bool[count];
        using var query = new NpgsqlCommand("SELECT DISTINCT q.id FROM questions q JOIN pieces p ON p.day = q.day AND ST_Intersects(p.geom, q.at)", connection);
        using var rows = query.ExecuteReader();
        while (rows.Read()) answers[rows.GetInt32(0)] = true;
        return answers;
    }

    private static void One(NpgsqlConnection connection, Question[] questions)
    {
        using var query = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM pieces WHERE day = $1 AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint($2, $3), 4326)))", connection);
        var day = query.Parameters.Add(new NpgsqlParameter<int> { NpgsqlDbType = NpgsqlDbType.Integer });
        var longitude = query.Parameters.Add(new NpgsqlParameter<double> { NpgsqlDbType = NpgsqlDbType.Double });
        var latitude = query.Parameters.Add(new NpgsqlParameter<double> { NpgsqlDbType = NpgsqlDbType.Double });
        query.Prepare();
        foreach (var question in questions)
        {
            (day.Value, longitude.Value, latitude.Value) = (question.Day, question.At.Longitude, question.At.Latitude);
            query.ExecuteScalar();
        }
    }

    /// <summary>All answers, side by side. Where they differ: how far the farthest of them lies from an edge.</summary>
    private static void Differences(PolygonSeries series, Question[] questions, bool[] ours, bool[] theirs)
    {
        var differing = Enumerable.Range(0, questions.Length).Where(i => ours[i] != theirs[i]).ToList();
        var farthest = differing.Count == 0 ? 0 : differing.Max(i => series.KmToEdge(questions[i].At, 1000)[series.IndexAt(questions[i].Day)]);
        var note = differing.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", at most {farthest * 1000:0.00} m from an edge");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"",-44} {questions.Length - differing.Count:N0} of {questions.Length:N0} answers are the same ({ours.Count(inside => inside):N0} inside){note}"));
    }

    private static void Do(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private sealed record Question(Candidate Place, Location At, int Day);
}
