using System.Text;

namespace Understory.Verification;

/// <summary>
/// The story's places among towns that people know, and who held them on a day that a slider chooses. It is drawn from what is
/// in the file: nobody is asked for a map.
/// </summary>
internal sealed class StoryMap
{
    private const int MostDays = 48;
    private const int MostOutlines = 12;
    private const double Margin = 0.6;
    private const double Width = 1000;

    private readonly ReportWords _words;
    private readonly IGround _ground;
    private readonly IMapSource? _outlines;
    private readonly List<(string Claim, Candidate Place)> _places = [];
    private readonly List<int> _days;
    private readonly double _west, _north, _scaleX, _scaleY, _height;

    public StoryMap(CheckReport report, int told, IGround ground, IMapSource? outlines, ReportWords words)
    {
        (_words, _ground, _outlines) = (words, ground, outlines);
        foreach (var claim in report.Claims)
        {
            // Of many candidates none is the place: a map full of dots would only mislead.
            if (claim.Place is not { Of: <= 4 } place) continue;
            _places.AddRange(place.List.Where(candidate => candidate.Location is not null).Select(candidate => (claim.Id, candidate)));
        }
        var all = _places.Select(place => place.Place.Location!.Value).ToList();
        if (all.Count == 0) all.Add(new Location(48.6, 37.9));
        var (south, north) = (all.Min(at => at.Latitude) - Margin, all.Max(at => at.Latitude) + Margin);
        var (west, east) = (all.Min(at => at.Longitude) - (Margin * 1.5), all.Max(at => at.Longitude) + (Margin * 1.5));
        var stretch = Math.Cos((south + north) / 2 * Math.PI / 180);
        // Not wider than 2 to 1 and not higher than 4 to 5, so that it fits a phone and a page.
        var (w, h) = ((east - west) * stretch, north - south);
        if (w < h * 1.25) (west, east) = Widen(west, east, h * 1.25 / stretch);
        else if (w > h * 2) (south, north) = Widen(south, north, w / 2);
        (_west, _north) = (west, north);
        _scaleX = Width / (east - west);
        _scaleY = _scaleX / stretch;
        _height = (north - south) * _scaleY;
        _days = DaysOf(report, told);
    }

    public bool IsEmpty => _places.Count == 0;

    public void Write(Markup to)
    {
        to.Add($"<section class=\"map\" aria-labelledby=\"map-title\"><h2 id=\"map-title\">{_words["report.map"]}</h2><p class=\"hint\">{_words["report.map-hint"]}</p>");
        var chosen = _days.Count / 2;
        to.Add($"<div class=\"slider\"><label for=\"day\">{_words["report.map-day"]} <output id=\"chosen\">{_words.Day(_days[chosen])}</output></label>");
        to.Add($"<input id=\"day\" type=\"range\" min=\"0\" max=\"{_days.Count - 1}\" value=\"{chosen}\" data-days=\"{string.Join("|", _days.Select(_words.Day))}\"></div>");
        to.Add($"<div class=\"sheet\" style=\"aspect-ratio:{Width}/{_height}\"><svg viewBox=\"0 0 {Width} {_height}\" aria-hidden=\"true\">");
        WriteOutlines(to, chosen);
        WriteWay(to);
        to.Add($"</svg>");
        WriteTowns(to, chosen);
        foreach (var group in _places.GroupBy(place => place.Place.Id))
        {
            var place = group.First().Place;
            var side = (place.Location!.Value.Longitude - _west) * _scaleX > Width * 0.6 ? " to-the-left" : "";
            to.Add($"<span class=\"place{side} {StatusAt(place, _days[chosen])}\" data-held=\"{Held(place)}\" style=\"{At(place.Location!.Value)}\"><i></i><b>{place.Name}</b> <small>{string.Join(", ", group.Select(one => one.Claim).Distinct())}</small></span>");
        }
        to.Add($"</div><p class=\"legend\"><i class=\"ru\"></i>{_words["report.held-ru"]} <i class=\"ua\"></i>{_words["report.held-ua"]} <i class=\"contested\"></i>{_words["report.contested"]} <i class=\"none\"></i>{_words["report.unknown"]}</p></section>");
    }

    private static (double, double) Widen(double low, double high, double to) => ((low + high - to) / 2, (low + high + to) / 2);

    private void WriteOutlines(Markup to, int chosen)
    {
        if (_outlines is null) return;
        // Each observed day is drawn once; the days of the slider name the one that is nearest before them.
        var observed = _days.Select(day => _outlines.Days.LastOrDefault(known => known <= day)).ToList();
        var drawn = observed.Where(day => day != 0).Distinct().ToList();
        if (drawn.Count > MostOutlines) drawn = [.. Enumerable.Range(0, MostOutlines).Select(i => drawn[i * (drawn.Count - 1) / (MostOutlines - 1)])];
        foreach (var day in drawn)
        {
            var from = _days.Count(one => one < day);
            var next = drawn.SkipWhile(one => one <= day).FirstOrDefault(int.MaxValue);
            var until = _days.Count(one => one < next) - 1;
            to.Add($"<path class=\"{(from <= chosen && chosen <= until ? "held" : "held away")}\" data-from=\"{from}\" data-until=\"{until}\" fill-rule=\"evenodd\" d=\"{Path(_outlines.HeldByRussia(day))}\"/>");
        }
    }

    /// <summary>Rings clipped to what is seen and thinned to what an eye can tell apart.</summary>
    private string Path(IReadOnlyList<IReadOnlyList<Location>> rings)
    {
        var path = new StringBuilder();
        foreach (var ring in rings)
        {
            var points = ring.Select(at => (X: (at.Longitude - _west) * _scaleX, Y: (_north - at.Latitude) * _scaleY)).ToList();
            if (points.TrueForAll(p => p.X < 0) || points.TrueForAll(p => p.X > Width) || points.TrueForAll(p => p.Y < 0) || points.TrueForAll(p => p.Y > _height)) continue;
            var (lastX, lastY, isFirst) = (double.NaN, double.NaN, true);
            foreach (var (x, y) in points)
            {
                var (cx, cy) = (Math.Round(Math.Clamp(x, -200, Width + 200), 1), Math.Round(Math.Clamp(y, -200, _height + 200), 1));
                if (!isFirst && Math.Abs(cx - lastX) + Math.Abs(cy - lastY) < 1.5) continue;
                path.Append(isFirst ? 'M' : 'L').Append(TimeScale.Number(cx)).Append(' ').Append(TimeScale.Number(cy));
                (lastX, lastY, isFirst) = (cx, cy, false);
            }
            if (!isFirst) path.Append('Z');
        }
        return path.ToString();
    }

    /// <summary>A line through the places in the story's order, where each is one place.</summary>
    private void WriteWay(Markup to)
    {
        var single = _places.GroupBy(place => place.Claim).Where(group => group.Count() == 1).Select(group => group.First().Place.Location!.Value).ToList();
        if (single.Count < 2) return;
        to.Add($"<polyline class=\"way\" points=\"{string.Join(" ", single.Select(at => $"{TimeScale.Number((at.Longitude - _west) * _scaleX)},{TimeScale.Number((_north - at.Latitude) * _scaleY)}"))}\"/>");
    }

    private void WriteTowns(Markup to, int chosen)
    {
        var taken = _places.Select(place => place.Place.Location!.Value).ToList();
        var major = new List<Location>(taken);
        foreach (var town in StarterSet.Shipped.Towns)
        {
            var at = town.Place.Location!.Value;
            var (x, y) = ((at.Longitude - _west) * _scaleX, (_north - at.Latitude) * _scaleY);
            if (x < 10 || y < 10 || x > Width - 10 || y > _height - 10) continue;
            // A name needs room: the first towns of the list are the better known.
            var isNamed = !taken.Exists(other => Math.Abs(other.Longitude - at.Longitude) * _scaleX < 90 && Math.Abs(other.Latitude - at.Latitude) * _scaleY < 34);
            if (!isNamed && taken.Exists(other => other.DistanceKm(at) < 3)) continue;
            if (isNamed) taken.Add(at);
            // On a telephone the map is a third as wide, and the names are not.
            var isMajor = isNamed && !major.Exists(other => Math.Abs(other.Longitude - at.Longitude) * _scaleX < 230 && Math.Abs(other.Latitude - at.Latitude) * _scaleY < 50);
            if (isMajor) major.Add(at);
            to.Add($"<span class=\"town{(isMajor ? "" : " minor")} {StatusAt(town.Place, _days[chosen])}\" data-held=\"{Held(town.Place)}\" style=\"{At(at)}\"><i></i><span>{(isNamed ? _words.NameOf(town) : "")}</span></span>");
        }
    }

    private string At(Location at) => $"left:{TimeScale.Number((at.Longitude - _west) * _scaleX * 100 / Width)}%;top:{TimeScale.Number((_north - at.Latitude) * _scaleY * 100 / _height)}%";

    /// <summary>A letter for each day of the slider.</summary>
    private string Held(Candidate place) => string.Concat(_days.Select(day => StatusAt(place, day) is var status && status == "not-ru" ? 'o' : status[0]));

    private string StatusAt(Candidate place, int day)
    {
        var words = _ground.Ask(place, day).Select(word => word.Status).Where(status => status != ControlStatus.Nothing).Distinct().ToList();
        if (words.Count == 0) return "none";
        if (words.Contains(ControlStatus.Contested) || (words.Contains(ControlStatus.RU) && words.Count > 1)) return "contested";
        return ReportWords.ClassOf(words[0]);
    }

    private static List<int> DaysOf(CheckReport report, int told)
    {
        var scale = TimeScale.Around(report.Claims.Where(claim => claim.Place is not null).SelectMany(claim => claim.Windows), told).Days;
        var last = Math.Min(scale.Last, told);
        var count = Math.Clamp(last - scale.First + 1, 1, MostDays);
        return [.. Enumerable.Range(0, count).Select(i => count == 1 ? last : (int)(scale.First + ((long)i * (last - scale.First) / (count - 1)))).Distinct()];
    }
}
