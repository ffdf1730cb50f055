"""What subscribers hear: snapshots and streams of what they may see."""
